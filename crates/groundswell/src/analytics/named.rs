//! What the named answers mean, for the page of definitions.

/// Title, and what it means.
pub const NAMED: &[(&str, &str)] = &[
    (
        "Overview",
        "`GET …/projects/{project}/overview`: the metrics above, asked of one state of the store. *Change* is after ÷ before for counts, \
         with the interval that two Poisson counts have by chance (√(1/a + 1/b) on the logarithm), after − before for shares and \
         balances. The heat map counts mentions by hour of the week in the zone asked for.",
    ),
    (
        "New and returning people",
        "`…/behaviour`. New = |A(until the end)| − |A(before the begin)|, where A are the distinct authors under the same filter in the \
         whole history that is kept; returning = people of the period − new. `history_since` says when that history begins: \
         who spoke before it, or is past the retention of people, counts as new. The share has Wilson's interval.",
    ),
    (
        "Named together",
        "`…/behaviour`. Each text counts once, for the author who published it first; each author has one vote for each set of monitors \
         that one of their texts names (a text names a monitor where it is a mention of it). Lift = both × votes ÷ (a × b), \
         over the votes of the whole project: 1 is chance. Its 95 % interval is taken on the logarithm, with the variance 1/both \
         − 1/a − 1/b − 1/votes + 2 both ÷ (a b) (delta method for a multinomial sample, Agresti 2013). Where a project holds \
         brands alone, somebody who names one rarely needs another, and lifts lie below 1: add a monitor for the category. \
         *Of a* is the share of the authors of *a* who name *b* in the same text, with Wilson's interval.",
    ),
    (
        "Preference",
        "`…/preferences`, in texts that are mentions of two monitors; each text once, for its first author, the newest 2,000. A text \
         prefers *a* where a sentence names both with a phrase of comparison (“a is better than b”, “prefer a to b”) and neither \
         asks, denies nor weighs it up; texts that say both ways say nothing. Without a phrase it prefers the one toward which \
         its sentiment (positive − negative, toward each monitor's subject) is at least 0.5 higher. Each author counts once, by \
         the newest text that prefers one. Share = a ÷ (a + b) with Wilson's interval; not shown below 30. Measured on made-up rows in thirteen languages (`crates/models/tests/it/comparison.rs`): the phrases find 91 % of \
         what 110 rows say and 84 % of what 46 more say that were written after them, and are wrong in none. Whoever \
         wrote the rows wrote the phrases, so this is kind to them: real posts say it in other words, and counts are \
         lower bounds. The rule by sentiment is as good as the sentiment toward each is (see the page of models).",
    ),
    (
        "Switching",
        "`…/preferences`. Authors who say that they went from one brand to the other (“switched from a to b”, “left a for b”), by the \
         phrases alone, with the same exceptions.",
    ),
    (
        "Perception",
        "`…/perceptions`. The log-odds ratio of an attribute (what is judged in a text, or a word, a name, an emotion) between a \
         monitor's authors and those of the others together, one vote per author, with an informative Dirichlet prior of 20 \
         authors (Monroe, Colaresi and Quinn 2008). Listed where its 95 % interval does not hold 0 and three authors or more stand \
         behind it. Net sentiment beside it is by counts.",
    ),
    (
        "Awareness",
        "`…/awareness`. Of the authors of distinct texts that are mentions of the category's monitor, the share who name the brand in one \
         of those texts, with Wilson's interval; *no brand* is the share who name none of those asked for. Not shown below 30 \
         authors. It is what people say unasked, not what a survey would find them to know.",
    ),
    (
        "Topics",
        "`…/topics`, `…/topics/tree`. A post belongs to the topic that it was placed in as it came; posts count with their copies, \
         texts without. The share is of all posts with a topic, with Wilson's interval; the change is posts ÷ posts of the period of equal \
         length before − 1, with the interval that two Poisson counts have by chance, not shown below 30 in both; net sentiment is by \
         counts. A topic is called by its words by c-TF-IDF (Grootendorst 2022): authors of the topic who use the word ÷ all its \
         authors' words × ln(1 + words of an average topic ÷ authors who use it anywhere), in the period and filter asked for.",
    ),
    (
        "Topics compared",
        "`…/topics/compare`. The log-odds ratio of the authors who write about a topic, between two monitors or a period and the one \
         before, as for perceptions.",
    ),
    (
        "Copies",
        "`…/copies`, `…/mentions/{mention}/copies`. A group is all posts of the project, over all time, that are copies of one another: \
         the earliest by its own time is the first; posts, authors and platforms are counted apart, and over time.",
    ),
    (
        "Market trend",
        "`…/market`. The metrics of the category's monitor over time and against the period before, whatever brand is named; *rising* and \
         *falling* words by the log-odds ratio of this period's authors against those of the period before, as for perceptions.",
    ),
    (
        "First and last seen",
        "`…/entity`. When the oldest and the newest mention kept under the filter, its period left out, were published. What was deleted, \
         erased or expired is not known any more.",
    ),
    (
        "Thread",
        "`…/posts/{key}/thread`. The posts held in the project that the post answers, repeats or quotes, and that answer, repeat or \
         quote it, each once, counted apart, with them what is kept as context, \
         which says so and is told by `context`. *Missing* are posts that those refer to and that are not held. How many replies the \
         platform counts stands at each post.",
    ),
    (
        "Cadence",
        "`…/channels`. Posts by a monitor's own accounts, as far as the monitor matches them, ÷ days of the period; and the median \
         of the times between two of them. The interval of a median lies between two of the values, by ranks that a binomial with ½ gives (Conover 1999), \
         and is not shown below six.",
    ),
    (
        "Reply time",
        "`…/channels`. From a mention by somebody else to the first answer by an own account, in minutes: the median, with the interval \
         of a median; `n` are the mentions answered. Of answers to posts that are not held the time is not known: they are \
         counted beside it. *Answered* is those mentions ÷ all mentions by others in the period, with Wilson's interval; not \
         shown below 30.",
    ),
    (
        "Best times",
        "`…/insights/times`. r = ln((e + 1) ÷ (m + 1)) for each post, with *e* its engagement and *m* the median engagement of its own \
         author's posts of the 30 days before it (three at least). An hour of the week with ten posts or more is told by its \
         median of r, drawn toward the mean of all hours: τ² ÷ (τ² + v) of the way is kept, with τ² the variance between hours \
         (DerSimonian and Laird 1986) and v that of a median, 1 ÷ (4 n f²), f the density of posts at the median of their hour (Cramér \
         1946); empirical Bayes as in Efron and Morris (1975). Shown as a ratio, exp(r), with its 95 % interval. *Beyond chance* is by \
         the undrawn median, over all hours of the answer at a false discovery rate of 5 %. Correlational.",
    ),
    (
        "What moves sentiment",
        "`…/insights/drivers`, over labelled posts with an author. *Adds* = share × (net sentiment of the posts that speak of it − that \
         of the rest). *Part* of the change: a post that speaks of *k* subjects counts 1/k for each; part = mean share × the change \
         of its net sentiment + the change of its share × (its mean net sentiment − the mean of all) (Kitagawa 1955). Parts add up \
         to the change. Intervals by the delta method with all posts of an author as one draw; not told below 30 posts.",
    ),
    (
        "Gaps",
        "`…/insights/gaps`, brands against each competitor. *Judged better*: the difference of net sentiment by labels, 30 posts on either \
         side at least. *Talked of more*: the log-odds ratio as for perceptions. Listed are those beyond chance over the whole answer at \
         a false discovery rate of 5 % (Benjamini and Hochberg 1995). *Unanswered*: questions and complaints about our brands \
         without a known reply by an own account that nobody set to pending or closed ÷ all of them, with Wilson's interval.",
    ),
    (
        "Influencers",
        "`…/insights/influencers`. People = distinct others who answered, repeated, quoted or commented on posts under the filter; times = \
         each of them once per post. Rank = PageRank (Brin and Page 1998) with d = 0.85 over authors, a link weighing the posts it is about. \
         Order: rank × topical share (the author's posts under the filter ÷ those held in the project and period). Percentiles are among \
         all who received something, half of the equals below. *Strength* = −log10 of the Poisson probability to hear from so many, were \
         all heard alike.",
    ),
    (
        "Change of a count in the week",
        "`…/insights/weekly`. Per day, after ÷ before, with the interval of two Poisson counts × the root of the dispersion of the days \
         around the mean of their period (Pearson's χ² ÷ its degrees of freedom, at least 1: quasi-Poisson, McCullagh and Nelder 1989). \
         Days are of 24 hours, counted back from the end of the period.",
    ),
    (
        "Progress",
        "`…/objective`. The metric over the last `days`; counts with the quasi-Poisson interval of as many days like these, shares with \
         Wilson's, net sentiment as everywhere. People have the relative interval of their mentions.",
    ),
];
