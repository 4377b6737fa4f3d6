// Prints what detectors found in a demo beside what was planted in it.
// usage: scripts/demo-server.sh node scripts/truth-beside-findings.mjs   (BASE_URL and TRUTH are set by demo-server.sh)
import { readFileSync } from 'node:fs';

const base = `${process.env.BASE_URL}/api/v1`;
const project = `${base}/projects/default`;
const get = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};
const started = (await get(`${base}/status`)).started_at;
const hours = (at) => `${((at - started) / 3_600_000).toFixed(1)} h`;

// Detectors walk the past once it is stored: wait until they have read up to the start.
for (let i = 0; i < 240; i += 1) {
  const { read_up_to } = await get(`${project}/findings`);
  if (read_up_to !== null && read_up_to >= started - 900_000) break;
  await new Promise((resolve) => setTimeout(resolve, 1000));
}

console.log('Planted (hours from the start of the live stream; crates/sources/src/demo/episodes.rs says when):');
const truth = readFileSync(process.env.TRUTH, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
const planted = new Map();
for (const one of truth) if (one.event) planted.set(one.event, (planted.get(one.event) ?? 0) + 1);
const when = { sale: -50, launch: -44, outage: -30, derby: -26, recall: -20, campaign: -8, ring: -7 };
for (const [event, posts] of planted) {
  const at = event in when ? `at ${when[event]} h` : 'all the time';
  console.log(`  ${event}: ${posts} posts, ${at}`);
}
console.log(`  posts by automated accounts: ${truth.filter((one) => one.bot).length} of ${truth.length}`);

const monitors = new Map((await get(`${project}/monitors`)).map((one) => [one.id, one.name]));
const { findings } = await get(`${project}/findings?limit=200`);
console.log(`\nFound (${findings.length}):`);
for (const one of findings.sort((a, b) => a.from - b.from)) {
  const { detail } = one;
  const what =
    detail.of === 'series'
      ? `${detail.metric} ${detail.value.toFixed(2)}, expected ${detail.expected.toFixed(2)}; ${detail.per_week.toExponential(1)} a week`
      : detail.of === 'terms'
        ? detail.terms.map((term) => `${term.text} (${term.authors})`).join(', ')
        : detail.of === 'topic'
          ? `${detail.words.join(', ')} (${detail.posts} posts)`
          : `${detail.accounts?.length} accounts, ${detail.objects} things`;
  console.log(`  ${hours(one.from)} to ${hours(one.until)} ${monitors.get(one.monitor) ?? 'project'}: ${one.kind}: ${what}`);
}

for (const name of ['Kelvora', '#SwitchToOzenti']) {
  const of = (one) => one.kind === 'peak' && one.detail.metric === 'mentions' && monitors.get(one.monitor) === name;
  const largest = findings.filter(of).sort((a, b) => b.strength - a.strength)[0];
  if (!largest) continue;
  console.log(`\nThe largest peak of ${name}, from ${hours(largest.from)} to ${hours(largest.until)}, explained:`);
  const begun = performance.now();
  const why = await get(`${project}/findings/${largest.id}/explanation`);
  for (const { text, mentions } of why.sentences) console.log(`  ${text} [${mentions.length} mentions]`);
  for (const { dimension, parts } of why.parts) {
    const sum = parts.reduce((all, part) => all + (part.share ?? 0), 0);
    console.log(`  ${dimension}: ${parts.length} parts add up to ${(sum * 100).toFixed(1)} %`);
  }
  console.log(`  computed in ${Math.round(performance.now() - begun)} ms`);
}

const automation = await get(`${project}/automation`);
const likely = automation.accounts.filter((one) => one.likely);
console.log(
  `\nAutomation: ${automation.scored} accounts scored, ${automation.insufficient} with too little evidence; ` +
    `${likely.length} of the first ${automation.accounts.length} likely; they wrote ${automation.posts} of ${automation.of_posts} posts.`,
);
for (const one of likely.slice(0, 10)) {
  const reasons = one.reasons.map(({ reason, weight }) => `${reason} ${weight.toFixed(1)}`).join(', ');
  console.log(`  ${one.source} ${one.author.slice(0, 8)}: ${one.score.toFixed(2)} (${one.low.toFixed(2)}–${one.high.toFixed(2)}), ${one.posts} posts: ${reasons}`);
}
const rings = await get(`${project}/coordination`);
console.log(`\nCoordination: ${rings.length}`);
for (const one of rings) console.log(`  ${hours(one.finding.from)}: ${one.seen}; ${one.evidence.length} things shown`);
console.log(`  planted: 8 accounts, ${planted.get('ring') ?? 0} posts and copies of five links`);
