"""Where overlapping visits of one column stand beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush


@dataclass(frozen=True, slots=True)
class Lane:
    """The share of the column's width: lane `number` of `count`, `span` lanes wide."""

    number: int
    count: int
    span: int = 1


WHOLE = Lane(0, 1)


def lanes(spans: Sequence[tuple[int, int]]) -> list[Lane]:
    """The lane of each half-open (start, end), in the order given.

    Spans that overlap, directly or through others, share the width in as few lanes as their
    densest minute needs; a span widens over the lanes to its right that stay free all its time.
    """
    answer = [WHOLE] * len(spans)
    order = sorted(range(len(spans)), key=spans.__getitem__)
    cluster: list[int] = []
    cluster_end = 0
    for i in order:
        start, end = spans[i]
        if start < cluster_end:
            cluster.append(i)
            cluster_end = max(cluster_end, end)
            continue
        if len(cluster) > 1:
            _settle(cluster, spans, answer)
        cluster = [i]
        cluster_end = end
    if len(cluster) > 1:
        _settle(cluster, spans, answer)
    return answer


def _settle(cluster: list[int], spans: Sequence[tuple[int, int]], answer: list[Lane]) -> None:
    number: dict[int, int] = {}
    ending: list[tuple[int, int]] = []  # (end, lane) of the spans still running
    free: list[int] = []
    count = 0
    for i in cluster:
        start, end = spans[i]
        while ending and ending[0][0] <= start:
            heappush(free, heappop(ending)[1])
        if free:
            number[i] = heappop(free)
        else:
            number[i] = count
            count += 1
        heappush(ending, (end, number[i]))
    for i in cluster:
        answer[i] = Lane(number[i], count, _reach(i, number, count, spans))


def _reach(i: int, number: dict[int, int], count: int, spans: Sequence[tuple[int, int]]) -> int:
    """How many lanes from its own to the right are free while span `i` runs."""
    start, end = spans[i]
    taken = [number[j] for j in number if number[j] > number[i] and spans[j][0] < end and start < spans[j][1]]
    return min(taken, default=count) - number[i]
