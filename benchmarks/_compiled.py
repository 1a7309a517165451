"""The floors in C, compiled for the run where the machine has a compiler."""

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path

SOURCE = """
#include <stdint.h>
#include <string.h>
#define PEOPLE 10

/* The starts of `need` free minutes in a row on a grid, for `count` bitmaps of `words` words each. */
void starts(const uint64_t *from, const uint64_t *grid, uint64_t *to, int count, int words, int need) {
    for (int one = 0; one < count; one++, from += words, to += words) {
        memcpy(to, from, words * sizeof *to);
        for (int have = 1; have < need;) {
            int step = have < need - have ? have : need - have;
            for (int at = 0; at < words; at++) {
                uint64_t next = at + 1 < words ? to[at + 1] : 0;
                to[at] &= to[at] >> step | next << (64 - step);
            }
            have += step;
        }
        for (int at = 0; at < words; at++) to[at] &= grid[at];
    }
}

/* The best visit in a fixed order, by trying for each day every start and practitioner of each service after
   every end and practitioner of the one before. Out: day, end, waiting. */
int chain(const uint8_t *open, int ticks, int days, int size, const int *length, const int *after,
          const int *many, const int *able, int longest_wait, int is_earliest, int *out) {
    static int16_t least[2][PEOPLE][2048], run[2048];
    int best = 1 << 20, found = 0;
    for (int day = 0; day < days; day++) {
        for (int at = 0; at < size; at++) {
            int16_t(*now)[2048] = least[at & 1], (*last)[2048] = least[at + 1 & 1];
            for (int one = 0; one < many[at]; one++) {
                const uint8_t *own = open + (able[at * PEOPLE + one] * days + day) * ticks;
                memset(now[one], 127, (ticks + 64) * sizeof **now);
                run[ticks] = 0;
                for (int tick = ticks - 1; tick >= 0; tick--) run[tick] = own[tick] ? run[tick + 1] + 1 : 0;
                for (int tick = 0; tick < ticks; tick++) {
                    if (run[tick] < length[at] + after[at]) continue;
                    int here = at ? 32639 : 0;
                    for (int wait = 0; at && wait <= longest_wait && wait <= tick; wait++)
                        for (int other = 0; other < many[at - 1]; other++) {
                            int is_same = able[at * PEOPLE + one] == able[(at - 1) * PEOPLE + other];
                            if (is_same && wait < after[at - 1]) continue;
                            int sum = last[other][tick - wait] + wait;
                            if (sum < here) here = sum;
                        }
                    now[one][tick + length[at]] = here;
                }
            }
        }
        for (int end = 0; end <= ticks; end++)
            for (int one = 0; one < many[size - 1]; one++) {
                int waiting = least[size - 1 & 1][one][end];
                if (waiting < best && waiting < 32000 && (!is_earliest || !found || out[1] == end)) {
                    best = waiting, found = 1;
                    out[0] = day, out[1] = end, out[2] = waiting;
                }
            }
        if (found && is_earliest) break;
    }
    return found;
}
"""


def load() -> ctypes.CDLL | None:
    """The compiled floors; None where there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder, "floors.c"), Path(folder, "floors.so")
        source.write_text(SOURCE, "utf-8")
        command = [
            compiler,
            "-O3",
            "-march=native",
            "-shared",
            "-fPIC",
            "-w",
            "-o",
            str(library),
            str(source),
        ]
        if subprocess.run(command, check=False).returncode:
            return None
        return ctypes.CDLL(str(library))
