from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lifecycle.clocks.clock import system_clock
from lifecycle.problems import InvalidInput
from lifecycle.settings import Settings, read_settings


def test_without_options_and_variables_every_setting_has_its_default():
    settings = read_settings({})
    assert settings == Settings()
    assert (settings.store, settings.lang, settings.journal) == ("sqlite:lifecycle.db", "en", timedelta(days=90))
    assert settings.clock is system_clock


def test_an_option_goes_before_the_environment_and_an_empty_variable_is_none():
    environ = {"LIFECYCLE_STORE": "sqlite:a.db", "LIFECYCLE_LANG": "zh", "LIFECYCLE_WORKFLOWS": ""}
    settings = read_settings(environ, store="sqlite:b.db")
    assert (settings.store, settings.lang, settings.workflows) == ("sqlite:b.db", "zh", None)


def test_every_variable_is_read():
    settings = read_settings(
        {
            "LIFECYCLE_STORE": "sqlite:/var/x.db",
            "LIFECYCLE_WORKFLOWS": "/srv/flows",
            "LIFECYCLE_NOW": "2026-03-02T09:00",
            "LIFECYCLE_LANG": "zh",
            "LIFECYCLE_KEYS": "/var/k.db",
            "LIFECYCLE_MASTER_KEY_FILE": "/etc/master",
            "LIFECYCLE_JOURNAL_DAYS": "7",
            "LIFECYCLE_NOTIFY": "/etc/notify.toml",
            "LIFECYCLE_SMTP_PASSWORD": "correct horse",
        }
    )
    assert settings == Settings(
        store="sqlite:/var/x.db",
        workflows=Path("/srv/flows"),
        now=datetime(2026, 3, 2, 1, tzinfo=UTC),
        lang="zh",
        keys=Path("/var/k.db"),
        master_key_file=Path("/etc/master"),
        journal=timedelta(days=7),
        notify=Path("/etc/notify.toml"),
        smtp_password="correct horse",
    )
    assert "horse" not in f"{settings} {settings.shown()}"
    assert settings.clock() == datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LIFECYCLE_LANG": "en"}, "en"),
    ],
)
def test_the_language_is_the_systems_unless_it_is_chosen(environ, lang):
    assert read_settings(environ).lang == lang


def test_every_value_that_cannot_be_read_is_named_at_once():
    with pytest.raises(InvalidInput) as caught:
        read_settings({"LIFECYCLE_NOW": "noon", "LIFECYCLE_JOURNAL_DAYS": "-1"}, lang="fr")
    assert [(problem.code, problem.where.path) for problem in caught.value.problems] == [
        ("time-unreadable", "LIFECYCLE_NOW"),
        ("setting-unreadable", "--lang"),
        ("number-unreadable", "LIFECYCLE_JOURNAL_DAYS"),
    ]


def test_settings_are_shown_without_secrets():
    shown = Settings(store="postgresql://li:geheim@localhost/x").shown()
    assert shown["store"] == "postgresql://li:***@localhost/x"
    assert "geheim" not in str(shown)


def test_the_process_environment_is_what_is_read_by_default(monkeypatch):
    monkeypatch.setenv("LIFECYCLE_STORE", "sqlite:own.db")
    assert read_settings().store == "sqlite:own.db"
