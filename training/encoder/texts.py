"""How a post is written before it is split into pieces: links become `http`, handles `@user`.

Crate `models` does the same (encoder/social.rs); a test compares both on made-up posts.
"""
import html, re

LINK = re.compile(r"https?://\S+|www\.\S+", re.I)
HANDLE = re.compile(r"(?<![\w@])@\w[\w.\-]*\w|(?<![\w@])@\w")


def social(text, spans=()):
    """The text as the encoder reads it, and where `spans` (start, end of characters) came to lie."""
    out, at, shifts = [], 0, []
    found = sorted([(m.start(), m.end(), "http") for m in LINK.finditer(text)], key=lambda x: x[0])
    links = [(s, e) for s, e, _ in found]
    for m in HANDLE.finditer(text):
        if not any(s <= m.start() < e for s, e in links):
            found.append((m.start(), m.end(), "@user"))
    found.sort()
    length = 0
    for start, end, mark in found:
        out += [text[at:start], mark]
        length += start - at
        shifts.append((start, end, length, length + len(mark)))
        length += len(mark)
        at = end
    out.append(text[at:])

    def moved(position, is_end):
        shift = 0
        for start, end, new_start, new_end in shifts:
            if position >= end:
                shift = new_end - end
            elif position > start or (position == start and not is_end):
                return new_end if is_end else new_start
            else:
                break
        return position + shift

    return "".join(out), [(moved(s, False), moved(e, True)) for s, e in spans]


def clean(text):
    return html.unescape(text).replace("\u0000", "").strip()
