import { SunburstChart } from 'echarts/charts';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { TopicHeading, TopicsTree, Value } from '$lib/api/types';
import { t } from '$lib/messages';
import { topicName } from './names';

use([SunburstChart, CanvasRenderer]);

export { init };

/** A piece of the wheel; `name` is what it shows, `id` the topic's number where it is one. */
interface Piece {
  name: string;
  id?: string;
  value?: number;
  itemStyle: { color: string };
  label?: { show: boolean };
  children?: Piece[];
}

/** The balance of a topic as a colour; grey where nothing is known. */
export function shade(net: Value, colour: (name: string) => string): string {
  const value = net.value;
  if (value == null || (net.low != null && net.high != null && net.low <= 0 && net.high >= 0))
    return colour('--neutral');
  return colour(value < 0 ? '--negative' : '--positive');
}

function heading(one: TopicHeading, all: number, colour: (name: string) => string): Piece {
  return {
    name: one.id === null ? t.topics.others : topicName(null, one.words.slice(0, 2)),
    itemStyle: { color: colour('--line-strong') },
    label: { show: one.posts / all > 0.04 },
    children: one.topics.map((topic) => ({
      name: topicName(topic.id, topic.words.slice(0, 2)),
      id: topic.id,
      value: topic.posts,
      itemStyle: { color: shade(topic.net_sentiment, colour) },
      label: { show: topic.posts / all > 0.025 },
    })),
  };
}

/** The drawing of a tree. `size`: pixels of a side. */
export function wheelOption(tree: TopicsTree, size: number, colour: (name: string) => string, still: boolean) {
  const all = tree.headings.reduce((sum, { posts }) => sum + posts, 0) || 1;
  return {
    animation: !still,
    series: [
      {
        type: 'sunburst' as const,
        data: tree.headings.map((one) => heading(one, all, colour)),
        radius: [size * 0.13, size * 0.49],
        nodeClick: false as const,
        sort: undefined,
        emphasis: { focus: 'ancestor' as const },
        itemStyle: { borderColor: colour('--surface'), borderWidth: 2 },
        levels: [
          {},
          {
            r0: size * 0.13,
            r: size * 0.27,
            label: { color: colour('--ink'), fontSize: 11, width: size * 0.13, overflow: 'truncate' as const },
          },
          {
            r0: size * 0.27,
            r: size * 0.49,
            label: { color: colour('--surface'), fontSize: 11, width: size * 0.2, overflow: 'truncate' as const },
          },
        ],
      },
    ],
  };
}
