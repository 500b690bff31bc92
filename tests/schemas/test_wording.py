"""An error says where it was found and what is wrong, in the language asked for."""

from schemas.errors import InputError
from schemas.wording import explain, sentence, words


def test_an_error_is_preceded_by_its_place_in_the_language_asked_for() -> None:
    error = InputError(
        "time-without-zone", document="a.json", event=3, member="/eventTime", value="2026-08-14T07:30:00"
    )
    assert explain(error, "it").startswith("documento a.json, evento 3: L'ora in /eventTime")
    assert explain(error, "en").startswith("document a.json, event 3: The time in /eventTime")


def test_the_member_is_named_where_the_sentence_does_not() -> None:
    error = InputError("json-lone-surrogate", document="a.json", event=0, at="/ilmd")
    assert explain(error, "en").startswith("document a.json, event 0, /ilmd: The text holds half of a character")


def test_an_error_without_place_is_its_sentence() -> None:
    error = InputError("json-too-deep", limit=32)
    assert explain(error, "en") == sentence("json-too-deep", {"limit": 32}, "en")


def test_a_code_without_sentence_is_shown_with_its_values() -> None:
    assert explain(InputError("never-heard-of", value=3), "it") == "never-heard-of (value=3)"


def test_a_word_inside_a_sentence_is_in_its_language_too() -> None:
    error = InputError("checkpoint", problem="no signatures")
    assert explain(error, "it") == "Questo non è un checkpoint: nessuna firma."
    assert explain(error, "en") == "This is not a checkpoint: no signatures."


def test_a_word_that_is_not_known_is_shown_as_it_is() -> None:
    assert "ConnectError" in explain(InputError("checkpoint", problem="ConnectError"), "it")


def test_both_languages_have_the_same_words() -> None:
    assert set(words("it")) == set(words("en"))
