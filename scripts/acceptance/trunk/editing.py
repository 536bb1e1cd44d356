"""A change made in a form and the same one made in an editor: the same files, and the comments stay."""

from __future__ import annotations

from dispatch_core.wire.trunk import Candidate, Edit, JobState
from scripts.acceptance.rows import need
from scripts.acceptance.trunk.centre import Centre, row, told

EDITS = (
    Edit(section="carriers", entry="viettel", key="capacity", value=90),
    Edit(section="carriers", entry="vnpt", key="codecs", value=["ulaw", "alaw"]),
    Edit(section="queues", entry="fire", key="overflow_after", value=33),
    Edit(section="silence", key="prompt_after", value=12),
)
TYPED = (
    ("capacity = 120 ", "capacity = 90 "),
    ("prompt_after = 10 ", "prompt_after = 12 "),
)


def _typed(r: Centre) -> str:
    """What an admin who sees the same change writes himself."""
    text = r.base
    for old, new in TYPED:
        need(old in text, f"the sample site has no {old!r}")
        text = text.replace(old, new, 1)
    head, mark, rest = text.partition('name = "vnpt"')
    rest = rest.replace("\n\n", '\ncodecs = ["ulaw", "alaw"]\n\n', 1)
    head_q, mark_q, rest_q = rest.partition('service = "fire"\noverflow_after = ')
    need(bool(mark and mark_q), "the sample site has no vnpt, or no queue of fire")
    return head + mark + head_q + mark_q + "33" + rest_q.lstrip("0123456789")


def _comments(text: str) -> list[str]:
    return [line.partition("#")[2].strip() for line in text.splitlines() if "#" in line]


def same(r: Centre) -> str:
    with r.line(), r.line(second=True), r.client() as client:
        form, editor = client.plan(Candidate(edits=EDITS)), client.plan(Candidate(text=_typed(r)))
        need(form.ident and editor.ident, f"refused: {form.mistakes} {editor.mistakes}")
        need({(it.node, it.file): it.diff for it in form.files} == {(it.node, it.file): it.diff for it in editor.files},
             f"{form.files} and {editor.files}")  # fmt: skip
        need(form.files, "the change changes no file")
        need(_comments(form.text) == _comments(r.base), "the comments are not those of before")
        job = r.applied(client, client.plan(Candidate(edits=EDITS)), "by the form")
        need(job.state is JobState.DONE, told(job))
        by_form, text = r.files(), client.shown().text
        need(_comments(r.system.site.file.read_text("utf-8")) == _comments(r.base), "site.toml lost comments")
        r.put_back(client)
        job = r.applied(client, client.plan(Candidate(text=_typed(r))), "by the editor")
        need(job.state is JobState.DONE, told(job))
        by_editor = r.files()
    named = [it for it in by_form if it != "site.toml" and by_form[it] != by_editor.get(it)]
    need(not named, f"other files by the editor: {named}")
    exact = "site.toml is the same to the byte" if text == _typed(r) else "site.toml differs in spaces alone"
    count = len(by_form) - 1
    return f"{len(form.files)} files change alike; {count} of {count} rendered files equal; {exact}; every comment kept"


SCENARIOS = [row("the same change by form and by editor", "the same rendered files; comments kept", same)]
