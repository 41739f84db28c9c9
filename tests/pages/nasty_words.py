"""What hostile or careless people type, by what it is."""

NASTY = {
    "script": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "long": "x" * 20_000,
    "emoji": "Soup 🍲👩🏽‍🦽 n̈",
    "right to left": "\u202eمطبخ\u202c \u200f",
    "nul and bell": "a\x00b\x07c",
    "template": "{{ 7 * 7 }} {% raw %} %(value)s %s",
}
