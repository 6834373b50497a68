"""One typed configuration, read once from the environment.

Every name carries the prefix ``FOOTBRIDGE_`` (``FOOTBRIDGE_PORT=8080``); the database address may also be the customary
``DATABASE_URL``. Nothing here needs Django. Trouble is told in sentences: a wrong value stops the program at start.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import sys
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from psycopg import Error as PostgresError
from psycopg.conninfo import conninfo_to_dict
from pydantic import AliasChoices, Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PACKAGE = Path(__file__).resolve().parent
TEST_DATABASE = "FOOTBRIDGE_TEST_DATABASE"


class ConfigTrouble(Exception):
    """The environment asks for something impossible. ``str(trouble)`` holds one sentence a line."""


def project_dir() -> Path | None:
    """The checkout this package runs from, or None when it was installed from a wheel."""
    root = PACKAGE.parents[1]
    return root if (root / "pyproject.toml").is_file() and PACKAGE.parent.name == "src" else None


def default_home() -> Path:
    project = project_dir()
    if project:
        return project / "var"
    if os.geteuid() == 0:
        return Path("/var/lib/footbridge")
    return Path.home() / ".local/share/footbridge"


class Config(BaseSettings):
    """What one installation may decide. The words in ``description`` are what the install page lists."""

    model_config = SettingsConfigDict(
        env_prefix="FOOTBRIDGE_", env_ignore_empty=True, extra="ignore", populate_by_name=True
    )

    home: Path = Field(default_factory=default_home, description="Where data, keys, mail files and backups lie.")
    database_url: str | None = Field(
        None,
        validation_alias=AliasChoices("DATABASE_URL", "FOOTBRIDGE_DATABASE_URL"),
        description="A PostgreSQL server (15 or newer). Without it, Footbridge runs its own.",
    )
    database_owner_url: str | None = Field(
        None,
        validation_alias=AliasChoices("DATABASE_OWNER_URL", "FOOTBRIDGE_DATABASE_OWNER_URL"),
        description="The same server as the role that owns the tables. Used by migrate only.",
    )
    given_secret_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("FOOTBRIDGE_SECRET_KEY"),
        description="Signs sessions. Made once in <home>/secret.key when not given.",
    )
    given_field_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("FOOTBRIDGE_FIELD_KEY"),
        description="32 bytes, base64: encrypts single fields. Made once in <home>/field.key when not given.",
    )
    debug: bool = Field(False, description="Shows error pages to programmers. Never on with real people's data.")
    hosts: Annotated[list[str], NoDecode] = Field(
        default=["localhost", "127.0.0.1", "[::1]"], description="Names this site answers to, with commas."
    )
    bind: str = Field("127.0.0.1", description="The address the web server listens on.")
    port: int = Field(8000, ge=1, le=65535, description="The port the web server listens on.")
    base_url: str = Field("", description="How the world reaches the site: https://care.example.org")
    behind_proxy: bool = Field(False, description="A proxy in front ends TLS and sets X-Forwarded-Proto.")
    web_workers: int = Field(2, ge=1, le=64, description="Web processes.")
    web_threads: int = Field(4, ge=1, le=64, description="Threads in each web process.")

    smtp_host: str | None = Field(None, description="Mail server. Without it mail is written to <home>/outbox.")
    smtp_port: int = Field(587, ge=1, le=65535, description="465 uses TLS from the first byte, else STARTTLS.")
    text_provider: str = Field("", description="Class that sends text messages (module.Class). Without it no text is sent.")
    smtp_user: str = Field("", description="Name for the mail server.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password for the mail server.")
    mail_from: str = Field("Footbridge <footbridge@localhost>", description="Sender of every mail.")

    demo: bool = Field(True, description="Load the demo program at the first start.")
    test: bool = Field(default_factory=lambda: "pytest" in sys.modules, description="The test suite is running.")

    @field_validator("hosts", mode="before")
    @classmethod
    def _split(cls, given: Any) -> Any:
        return [name.strip() for name in given.split(",") if name.strip()] if isinstance(given, str) else given

    @field_validator("home")
    @classmethod
    def _absolute(cls, given: Path) -> Path:
        return Path(os.path.abspath(given.expanduser()))  # noqa: PTH100 - resolve() would follow a link that may move

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _is_postgres(cls, given: str | None, info: ValidationInfo) -> str | None:
        if given is None:
            return None
        name = str(info.field_name).upper()
        if not given.startswith(("postgres://", "postgresql://")):
            raise ValueError(f"{name} must start with postgresql:// ; Footbridge works with PostgreSQL only.")
        try:
            parts = conninfo_to_dict(given)
        except PostgresError:
            raise ValueError(f"{name} is not an address PostgreSQL understands.") from None
        if not parts.get("dbname"):
            raise ValueError(f"{name} names no database: end it with /footbridge, for example.")
        return given

    @field_validator("base_url")
    @classmethod
    def _is_web(cls, given: str) -> str:
        if given and (urlsplit(given).scheme not in {"http", "https"} or not urlsplit(given).hostname):
            raise ValueError("FOOTBRIDGE_BASE_URL must look like https://care.example.org")
        return given.rstrip("/")

    @field_validator("given_field_key")
    @classmethod
    def _is_key(cls, given: SecretStr | None) -> SecretStr | None:
        if given is not None and len(_key_bytes(given.get_secret_value())) != 32:
            raise ValueError("FOOTBRIDGE_FIELD_KEY must be 32 bytes written in base64.")
        return given

    @field_validator("given_secret_key")
    @classmethod
    def _is_long(cls, given: SecretStr | None) -> SecretStr | None:
        if given is not None and len(given.get_secret_value()) < 40:
            raise ValueError("FOOTBRIDGE_SECRET_KEY is too short: give it 40 characters or more.")
        return given

    @model_validator(mode="after")
    def _fits_together(self) -> Config:
        if self.database_owner_url and not self.database_url:
            raise ValueError("DATABASE_OWNER_URL is given but DATABASE_URL is not; give both or neither.")
        if not self.base_url:
            host = "localhost" if self.bind in {"127.0.0.1", "::1", "0.0.0.0", "::"} else self.bind  # noqa: S104
            self.base_url = f"http://{host}:{self.port}"
        return self

    # -- what is made on demand -------------------------------------------------------------------------------------

    def ready_home(self) -> Path:
        """Create the home directory, private to the user who starts, and return it."""
        if not self.home.is_dir():
            try:
                self.home.mkdir(mode=0o700, parents=True)
            except OSError as error:
                raise ConfigTrouble(f"The folder {self.home} cannot be made: {error.strerror}.") from None
        return self.home

    @cached_property
    def secret_key(self) -> str:
        if self.given_secret_key:
            return self.given_secret_key.get_secret_value()
        return self._kept("secret.key", lambda: secrets.token_urlsafe(64))

    @cached_property
    def field_key(self) -> bytes:
        """32 bytes for AES-256-GCM."""
        given = self.given_field_key.get_secret_value() if self.given_field_key else None
        text = given or self._kept("field.key", lambda: base64.b64encode(secrets.token_bytes(32)).decode())
        key = _key_bytes(text)
        if len(key) != 32:
            raise ConfigTrouble(f"{self.home / 'field.key'} does not hold 32 bytes in base64; restore it.")
        return key

    @property
    def outbox(self) -> Path:
        """Where mail lands as files when no mail server is given."""
        return self.home / "outbox"

    @property
    def backups(self) -> Path:
        return self.home / "backups"

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    def _kept(self, name: str, make: Any) -> str:
        path = self.ready_home() / name
        # Two processes may start at once: write aside, then link, so that a reader sees a whole key and only one wins.
        if not path.exists():
            aside = path.with_name(f".{name}.{os.getpid()}.{secrets.token_hex(4)}")
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(make() + "\n")
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(aside, path)
            except FileExistsError:
                pass
            finally:
                aside.unlink()
        try:
            return path.read_text().strip()
        except OSError as error:
            raise ConfigTrouble(f"The key file {path} cannot be read: {error.strerror}.") from None

    # -- the database -----------------------------------------------------------------------------------------------

    @property
    def embedded(self) -> bool:
        """True when Footbridge runs its own PostgreSQL."""
        return self.database_url is None

    def urls(self) -> tuple[str, str]:
        """(address for the application, address for the owner of the tables)."""
        if self.database_url:
            return self.database_url, self.database_owner_url or self.database_url
        from footbridge.kit.embedded import Embedded  # late: reading the configuration must not need the binaries

        return Embedded(self.home, fast=self.test).urls()

    def django_database(self, owner: bool | None = None) -> dict[str, Any]:
        """An entry for Django's DATABASES. The owner role serves migrations and, as it may create databases, tests."""
        if owner is None:
            owner = self.test or os.environ.get("FOOTBRIDGE_AS_OWNER") == "1"
        parts: dict[str, Any] = conninfo_to_dict(self.urls()[1 if owner else 0])
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.pop("dbname"),
            "USER": parts.pop("user", ""),
            "PASSWORD": parts.pop("password", ""),
            "HOST": parts.pop("host", ""),
            "PORT": str(parts.pop("port", "")),
            "OPTIONS": parts,
            "TEST": {"NAME": self.test_database},
        }

    @property
    def test_database(self) -> str:
        """One name per test run (its xdist workers inherit it), so that two runs never share a database."""
        return os.environ.setdefault(TEST_DATABASE, f"test_footbridge_{os.getpid()}")


def _key_bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def load(**given: Any) -> Config:
    """Read the environment. Raises ConfigTrouble with one sentence for each problem."""
    try:
        return Config(**given)
    except ValidationError as error:
        raise ConfigTrouble("\n".join(_sentence(one) for one in error.errors())) from None


def _sentence(problem: Any) -> str:
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    name = str(problem["loc"][0]) if problem["loc"] else "the configuration"
    if name.islower():
        name = "FOOTBRIDGE_" + name.upper()
    return f"{name}: {problem['msg'][:1].lower()}{problem['msg'][1:]} (given: {problem['input']!r})."


class _Lazy:
    """Stands in for the configuration until something asks for a value."""

    _built: Config | None = None

    def __getattr__(self, name: str) -> Any:
        if _Lazy._built is None:
            _Lazy._built = load()
        return getattr(_Lazy._built, name)


config: Config = _Lazy()  # type: ignore[assignment]
