"""Texts that people, clipboards and attackers type where a name belongs."""

ODD_TEXTS = [
    "",
    "   ",
    "\0",
    "a\0b",
    "\ud800",
    "x" * 10_000,
    "🙂",
    "\u202e",
    "\u200d" * 5_000,
    "<b>",
    "&lt;",
    "=1+1",
]
ODD_TEXTS += ["'; DROP TABLE patient; --", '"', "\\", "%%%", "___", "\x07", "Null", "NaN", "e\u0301" * 500]
