"""Entries read by the skeleton of one before: exactly what the walk over each tag gives."""

import re
from collections.abc import Iterable, Iterator, Sequence
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank_files import Pay, Stmt, camt
from bank_samples import CAMT
from kvit.formats.bank.camt import ahead, reader, skeleton
from kvit.formats.bank.statement import Event, Line
from shared_folder import needs_shared

ODD = ["]]>", "\x01", "\ue000", "\ufffe", "&amp;", "<!--", "-->", "<a/>", "<?x?>"]
TEXTS = st.lists(st.sampled_from([*"abc ÅŁ&<>\"']\n\r\t  ", *ODD]), max_size=8).map("".join)


def _walked(data: bytes) -> list[Event]:
    """The events without looking ahead."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ahead.Ahead, "entries", lambda *_: None)
        return list(reader.events([data]))


def _file(*names: str) -> bytes:
    """A statement with an entry for each name, put in as it is."""
    return camt(Stmt([Pay(100 + at, name=f"N{at}N") for at in range(len(names))]))


def _named(names: Iterable[str]) -> bytes:
    listed = list(names)
    text = _file(*listed).decode()
    for at, name in enumerate(listed):
        text = text.replace(f"N{at}N", name)
    return text.encode("utf-8", errors="surrogatepass")


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


class TestLookingAhead:
    @given(names=st.lists(TEXTS, min_size=2, max_size=6), size=st.sampled_from([1, 7, 300, 100_000]))
    @settings(max_examples=300)
    def test_gives_what_the_walk_gives_whatever_stands_in_the_texts(self, names: list[str], size: int) -> None:
        data = _named(names)
        assert list(reader.events(_pieces(data, size))) == _walked(data)

    @needs_shared
    @given(data=st.data())
    @settings(max_examples=200)
    def test_gives_what_the_walk_gives_for_doubled_and_cut_samples(self, data: st.DataObject) -> None:
        sample = data.draw(st.sampled_from([path.read_bytes() for path in CAMT]))
        for mark in (b"</Ntry>", b"</ns2:Ntry>"):
            end = sample.rfind(mark) + len(mark)
            start = sample.find(mark.replace(b"/", b""))
            if end > start >= len(mark):
                sample = sample[:end] + sample[start:end] * 2 + sample[end:]
        cut = sample[: data.draw(st.integers(0, len(sample)))]
        for whole in (sample, cut):
            assert list(reader.events([whole])) == _walked(whole)

    def test_is_done_for_all_entries_but_the_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        planned: list[int] = []
        filled = skeleton.Plan.filled

        def counted(plan: skeleton.Plan, texts: Sequence[str]) -> skeleton.Fields:
            planned.append(1)
            return filled(plan, texts)

        monkeypatch.setattr(skeleton.Plan, "filled", counted)
        data = camt(Stmt([Pay(100 + at, name=f"Anna {at}") for at in range(500)]))
        assert sum(isinstance(event, Line) for event in reader.events([data])) == 500
        assert len(planned) >= 499

    @pytest.mark.parametrize(
        "hidden",
        ["<!-- {} -->", "<!--x-->{}", "<AddtlStmtInf><![CDATA[{}]]></AddtlStmtInf>", "<?x {} ?>", "<Other>{}</Other>"],
    )
    def test_takes_no_entry_that_is_none(self, hidden: str) -> None:
        text = camt(Stmt([Pay(100 + at) for at in range(4)])).decode()
        start, end = text.index("<Ntry>"), text.rindex("</Ntry>") + 7
        data = (text[:end] + hidden.format(text[start:end]) + text[end:]).encode()
        assert list(reader.events([data])) == _walked(data)

    def test_would_take_one_from_a_comment_without_its_guard(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = camt(Stmt([Pay(100 + at) for at in range(4)])).decode()
        start, end = text.index("<Ntry>"), text.rindex("</Ntry>") + 7
        data = (text[:end] + f"<!-- {text[start:end]} -->" + text[end:]).encode()
        assert sum(isinstance(event, Line) for event in reader.events([data])) == 4
        walked = ahead.Ahead._walked

        def unguarded(self: ahead.Ahead, end: int) -> bytes:
            step = walked(self, end)
            self.is_used = True
            return step

        monkeypatch.setattr(ahead.Ahead, "_walked", unguarded)
        assert sum(isinstance(event, Line) for event in reader.events([data])) > 4

    @pytest.mark.parametrize("size", [1, 500, 100_000])
    def test_gives_what_the_walk_gives_where_entries_of_two_forms_take_turns(self, size: int) -> None:
        pays = [Pay(100 + at, name="Żaneta" if at % 3 else "", reference=str(at) if at % 2 else "") for at in range(90)]
        data = camt(Stmt(pays)).replace(b"\n", b"\n  ")
        assert list(reader.events(_pieces(data, size))) == _walked(data)

    def test_forgets_the_form_where_the_prefix_changes(self) -> None:
        one = camt(Stmt([Pay(100 + at) for at in range(9)])).decode()
        inner = one[one.index("<BkToCstmrStmt") : one.rindex("</Document>")]
        other = inner.replace("</", "</n:").replace("<", "<n:").replace("<n:/n:", "</n:")
        data = f'<E xmlns:n="x">{inner}{other}{inner}</E>'.encode()
        assert sum(isinstance(event, Line) for event in _walked(data)) == 27
        assert list(reader.events([data])) == _walked(data)

    def test_would_differ_with_a_form_that_takes_any_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = _named(["Anna", "Bo", "C<a/>d", "Cilla"])
        assert list(reader.events([data])) == _walked(data)
        compiled = re.compile

        def loose(pattern: str) -> re.Pattern[str]:
            return compiled(pattern.replace(r"[^<\s][^<]*", ".*?"))

        monkeypatch.setattr(skeleton, "re", SimpleNamespace(compile=loose, escape=re.escape))
        assert list(reader.events([data])) != _walked(data)
