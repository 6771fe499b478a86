"""Mails made by Python's email package, and by hand as programs of different makers write them."""

import base64
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from index_helpers import words_embedder

from index import Index, build
from index.canonical import canonical_text
from index.errors import UnreadableFileError
from index.loaders.mail import load
from index.loaders.mail.quoting import unflowed
from index.sources import read_document

HEADER = "From: Ada Moe <ada@example.org>\nTo: ben@example.org\nSubject: The mill\n"
DATE = "Date: Tue, 5 Mar 2024 23:15:00 -0800\n"


def mail(body, header=HEADER + DATE, kind="text/plain; charset=utf-8"):
    head = f"{header}MIME-Version: 1.0\nContent-Type: {kind}\nContent-Transfer-Encoding: 8bit\n"
    return f"{head}\n{body}".encode()


def page(body):
    return mail(f"<html><body>{body}</body></html>", kind="text/html; charset=utf-8")


def labels(data):
    """The lines of a mail by label; those of its header and body are apart."""
    loaded = load(data, "a.eml")
    found = {}
    position = 0
    for (start, end), label in loaded.asides:
        found.setdefault("body", []).extend(lines(loaded.text[position:start]))
        found.setdefault(label, []).extend(lines(loaded.text[start:end]))
        position = end
    found.setdefault("body", []).extend(lines(loaded.text[position:]))
    return found


def lines(text):
    return [line for line in text.split("\n") if line.strip()]


def test_mail_made_by_python_becomes_a_document(tmp_path):
    message = EmailMessage(policy=SMTP)
    message["From"] = '"Straße, Jörg" <joerg@example.org>'
    message["To"] = "Ben Ode <ben@example.org>"
    message["Date"] = "Tue, 05 Mar 2024 23:15:00 -0800"
    message["Subject"] = "Die Brücke über den Fluß wird im Juli teurer als gedacht, fürchte ich"
    message.set_content(
        "Die Brücke kostet 41 Millionen.\n\nSie wird im Juli fertig.\n", cte="base64"
    )
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="Plan ä.pdf")
    path = tmp_path / "a.eml"
    path.write_bytes(message.as_bytes())
    document, passages = read_document(path)
    assert document.info.title == message["Subject"]
    assert document.info.authors == ("Jörg Straße",)
    assert document.info.published == "2024-03-05"
    assert dict(document.info.found)["authors"] == "embedded"
    found = {s.text: p.label for p in passages for s in p.sentences}
    assert found["Die Brücke kostet 41 Millionen."] == "body"
    assert found["Attachments: Plan ä.pdf"] == "boilerplate"
    assert load(path.read_bytes(), "a.eml").notes == ("Plan ä.pdf: an attachment, not read",)


def test_header_lines_can_be_quoted_as_what_the_mail_states(tmp_path):
    path = tmp_path / "a.eml"
    path.write_bytes(mail("The mill was sold in 1904."))
    document, passages = read_document(path)
    stated = {name: document.text[start:end] for name, (start, end) in document.byline}
    assert stated == {
        "title": "# The mill",
        "published": "05 Mar 2024",
    }
    assert passages[0].label == "byline"
    assert passages[-1].heading == "The mill"


def test_quotes_of_a_mail_are_slices_and_none_is_of_an_earlier_mail(tmp_path):
    path = tmp_path / "a.eml"
    path.write_bytes(
        mail("Three piles are needed.\n\nOn Monday, Ben Ode wrote:\n> Two piles are enough.\n")
    )
    build([path], tmp_path / "index", embedding_model=words_embedder())
    with Index.open(tmp_path / "index", embedder=words_embedder()) as index:
        hits = index.search("How many piles are needed?", k=9)
    quotable = [s for hit in hits if hit.passage.label == "body" for s in hit.passage.sentences]
    assert [s.text for s in quotable] == ["Three piles are needed."]
    for sentence in quotable:
        assert canonical_text(path)[sentence.start : sentence.end] == sentence.text


@pytest.mark.parametrize(
    "earlier",
    [
        "On Mon, 4 Mar 2024 at 10:02, Ben Ode <ben@example.org> wrote:\n> Two piles.\n>\n> Bye.",
        "On Mon, 4 Mar 2024 at 10:02, Ben Ode\n<ben@example.org> wrote:\n\n> Two piles.",
        "Am 04.03.2024 um 10:02 schrieb Ben Ode:\n> Zwei Pfähle.",
        "Le lun. 4 mars 2024 à 10:02, Ben Ode <ben@example.org> a écrit :\n> Deux.",
        "Ben wrote:\n> Two piles.\n>> Three piles?",
        "> Two piles.",
        "-----Original Message-----\nFrom: Ben Ode\nSent: Monday\n\nTwo piles are enough.\n\nBen",
        "________________________________\nFrom: Ben Ode <ben@example.org>\nSent: Monday\n"
        "To: Ada\nSubject: Piles\n\nTwo piles are enough.",
        "*From:* Ben Ode\n*Sent:* Monday\n*Subject:* Piles\n\nTwo piles are enough.",
        "Von: Ben Ode\nGesendet: Montag\nAn: Ada\nBetreff: Pfähle\n\nZwei Pfähle.",
        "---------- Forwarded message ---------\nFrom: Ben Ode\n\nTwo piles are enough.",
        "Begin forwarded message:\n\nFrom: Ben\nSubject: Piles\n\nTwo piles are enough.",
        "On 4 Mar 2024, at 10:02, Ben Ode <ben@example.org> wrote:\n\nTwo piles are enough.",
    ],
)
def test_earlier_mail_is_not_the_senders(earlier):
    found = labels(mail(f"Three piles are needed.\nThat is what I say.\n\n{earlier}\n"))
    assert found["body"] == ["# The mill", "Three piles are needed.", "That is what I say."]
    rule = "_" * 32
    assert found["notes"] + found.get("boilerplate", []) == [
        line for line in lines(earlier) if line != rule
    ] + [rule] * (rule in earlier)


def test_answers_between_quoted_lines_are_the_senders():
    found = labels(mail("> How many?\n\nThree.\n\n> Who pays?\n\nThe council.\n"))
    assert found["body"] == ["# The mill", "Three.", "The council."]
    assert found["notes"] == ["> How many?", "> Who pays?"]


@pytest.mark.parametrize(
    "ending",
    [
        "-- \nAda Moe\nHarbour office",
        "--\nAda Moe",
        "Sent from my telephone",
        "This e-mail and its attachments are confidential. Delete it if it is not yours.",
        f"{'_' * 47}\nharbour mailing list\nharbour@example.org",
    ],
)
def test_signature_is_boilerplate(ending):
    found = labels(mail(f"Three piles are needed.\n\n{ending}\n"))
    assert found["body"] == ["# The mill", "Three piles are needed."]
    assert found["boilerplate"] == [line.rstrip() for line in lines(ending)]


@pytest.mark.parametrize(
    "text",
    [
        "From: 10:00\nTo: 12:00\nDate: 3 May\n\nThe hall is open then.",
        "He wrote:\n\nnothing at all.",
        "On the wall somebody wrote: the mill is closed.\n\nIt is not.",
        "This message was hard to write.",
    ],
)
def test_own_words_are_not_taken_for_anything_else(text):
    assert set(labels(mail(text))) == {"body", "byline"}


def test_html_mail():
    found = labels(
        page(
            '<div style="display:none">Preview text of a newsletter</div><p>Three piles are needed.'
            '</p><table><tr><td>A layout cell</td></tr></table><img src="http://t.example/p.gif">'
            '<div class="gmail_signature">Ada Moe</div><div class="gmail_quote"><div '
            'class="gmail_attr">On Mon, Ben wrote:<br></div><blockquote>Two piles are enough.'
            "</blockquote></div>"
        )
    )
    assert found["body"] == ["# The mill", "Three piles are needed.", "A layout cell"]
    assert found["boilerplate"] == ["Ada Moe"]
    assert found["notes"] == ["On Mon, Ben wrote:", "> Two piles are enough."]


def test_html_mail_of_outlook():
    found = labels(
        page(
            "<div>Three piles are needed.</div><hr><div id='divRplyFwdMsg'><b>From:</b> Ben<br>"
            "<b>Subject:</b> Piles</div><div>Two piles are enough.</div>"
        )
    )
    assert found["body"] == ["# The mill", "Three piles are needed."]
    assert found["notes"] == ["From: Ben", "Subject: Piles", "Two piles are enough."]


@pytest.mark.parametrize(("plain", "kept"), [("Please use another program.", False), ("", True)])
def test_plain_text_is_preferred_unless_it_says_nothing(plain, kept):
    said = "The mill was sold in 1904, and nobody knows to whom it was sold. " * 4
    message = EmailMessage()
    message["From"] = "ada@example.org"
    message.set_content(plain or said)
    message.add_alternative(f"<p>{said}</p><p>As HTML.</p>", subtype="html")
    text = load(message.as_bytes(), "a.eml").text
    assert ("As HTML." in text) is not kept
    assert said.strip() in text
    assert plain not in text or not plain


def test_attached_mail_is_kept_as_a_note():
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "Ben Ode <ben@example.org>", "Piles"
    inner.set_content("Two piles are enough.")
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "ada@example.org", "Fwd: Piles"
    outer.set_content("See below.")
    outer.add_attachment(inner)
    found = labels(outer.as_bytes())
    assert found["body"] == ["# Fwd: Piles", "See below."]
    assert found["notes"] == ["# Piles", "From: Ben Ode <ben@example.org>", "Two piles are enough."]


@pytest.mark.parametrize(
    ("charset", "encoding", "stated"),
    [
        ("iso-8859-1", "cp1252", "iso-8859-1"),
        ("utf-8", "utf-8", "utf-8"),
        ("koi8-r", "koi8-r", "koi8-r"),
        ("utf-8", "utf-8", "us-ascii"),
        ("utf-8", "utf-8", "x-unknown"),
    ],
)
def test_encodings(charset, encoding, stated):
    text = "Мост открыт." if encoding == "koi8-r" else "„Die Brücke“ – offen."
    head = f"{HEADER}Content-Type: text/plain; charset={stated}\n\n".encode()
    assert text in load(head + text.encode(encoding), "a.eml").text


def test_flowed_text_is_joined_into_paragraphs():
    text = "The mill was \nsold in \n1904.\nNew line.\n> It is \n> quoted. \n>> Deep.\n-- \nAda"
    assert unflowed(text) == (
        "The mill was sold in 1904.\nNew line.\n> It is quoted. \n>> Deep.\n-- \nAda"
    )
    assert unflowed("ab \ncd", deletes_space=True) == "abcd"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("From: ada@example.org\n", {"authors": ["ada@example.org"]}),
        ("From: Ada Moe\nDate: yesterday\n", {"authors": ["Ada Moe"]}),
        ("From: =?utf-8?b?QcOkYSBNb2U=?= <a@b.c>\n", {"authors": ["Aäa Moe"]}),
        ("From: A B <a@b.c>, C D <c@d.e>\nSubject:\n", {"authors": ["A B", "C D"]}),
        ('From: "unclosed <a@b.c>\nSubject: =?x?q?bad\n', None),
        ("Received: x\nSubject: ä raw byte\n", None),
    ],
)
def test_fields_of_a_header(header, expected):
    fields = dict(load(mail("Text.", header), "a.eml").fields)
    assert expected is None or fields == expected


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "empty"),
        (b"Just some text, and no header.", "begins with its header"),
        (b"Foo: bar\n\nText.", "none of these"),
        (b"Received: x\n\n", "none"),
        (
            b"From: a@b.c\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIIB",
            "encrypted",
        ),
        (
            b'From: a@b.c\nContent-Type: multipart/encrypted; boundary="x"\n\n--x\n'
            b"Content-Type: application/pgp-encrypted\n\nVersion: 1\n--x--",
            "encrypted",
        ),
    ],
)
def test_unreadable_mails_say_why(data, found):
    with pytest.raises(UnreadableFileError, match=found):
        load(data, "a.eml")


@pytest.mark.parametrize(
    "data",
    [
        b'From: a@b.c\nContent-Type: multipart/mixed; boundary="x"\n\n--x\n\nThe text is here.',
        b"From: a@b.c\nContent-Type: multipart/mixed\n\nThe text is here.",
        b"From: a@b.c\nContent-Type: ;;;\n\nThe text is here.",
        b"From: a@b.c\nContent-Transfer-Encoding: base64\n\nVGhlIHRleHQgaXMgaGVyZS4",
        b"From: a@b.c\nContent-Transfer-Encoding: quoted-printable\n\nThe text=\n is here.=",
        b"From a@b.c Tue Mar 5 2024\nFrom: a@b.c\n\nThe text is here.",
        b"\n\nFrom: a@b.c\nno header line\n\nThe text is here.",
    ],
)
def test_malformed_mails_are_read_as_far_as_they_go(data):
    assert "The text is here." in load(data, "a.eml").text


def test_endless_parameters_are_refused():
    data = b"From: a@b.c\nContent-Type: text/plain; " + b"a=b; " * 9_000 + b"\n\ntext"
    with pytest.raises(UnreadableFileError, match="Content-Type"):
        load(data, "a.eml")


def test_nested_mails_end():
    data = b"".join(
        f'From: a@b.c\nContent-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n'.encode()
        for n in range(400)
    )
    with pytest.raises(UnreadableFileError, match=r"parsed|nested"):
        load(data + b"\n\ntext", "a.eml")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(lambda b: b"From: a@b.c\n" + b)),
    st.sampled_from([b"", b"Subject: x\nContent-Type: text/html\n\n", b"Date: "]),
)
def test_any_bytes_are_a_mail_or_refused(data, begin):
    try:
        loaded = load(begin + data, "a.eml")
    except UnreadableFileError:
        return
    assert loaded.text.strip()
    assert "\r" not in loaded.text
    ends = [0]
    for (start, end), _ in loaded.asides:
        assert ends[-1] <= start < end <= len(loaded.text)
        ends.append(end)


def encoded(text, cut=0):
    data = base64.encodebytes(text.encode() * 20).decode()
    return data[: len(data.rstrip()) - cut]


TEXT_PART = "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"


@pytest.mark.parametrize("cut", [1, 2, 3, 5])
def test_text_that_breaks_off_is_read_as_far_as_it_goes(cut):
    data = f"{HEADER}{TEXT_PART}{encoded('The mill was sold in May. ', cut)}\n".encode()
    loaded = load(data, "a.eml")
    assert loaded.text.count("The mill was sold in May.") >= 19
    assert "VGhl" not in loaded.text
    assert loaded.notes == ("its text is damaged (base64), and read as far as it goes",)


def test_attachments_that_are_damaged_are_told_from_those_not_read():
    kind = 'Content-Type: application/pdf; name="{}.pdf"\nContent-Transfer-Encoding: base64\n\n'
    parts = [
        "Content-Type: text/plain\n\nThe mill was sold.\n",
        kind.format("whole") + encoded("%PDF-1.7") + "\n",
        kind.format("cut") + encoded("%PDF-1.7", 3) + "\n",
        kind.format("junk") + "\x01\x02???\n",
        kind.format("empty") + "\n",
    ]
    body = "".join(f"--b\n{part}" for part in parts)
    head = f"{HEADER}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    loaded = load(f"{head}{body}--b--\n".encode(), "a.eml")
    assert loaded.notes == (
        "whole.pdf: an attachment, not read",
        "cut.pdf: an attachment, damaged",
        "junk.pdf: an attachment, damaged",
        "empty.pdf: an attachment, not read",
    )
    broken = load(f"{head}{body}".encode(), "a.eml")
    assert broken.notes[-1] == "it breaks off before its end, and is read as far as it goes"
    assert "The mill was sold." in broken.text
