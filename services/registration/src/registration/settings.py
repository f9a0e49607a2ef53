"""Settings of registration, besides those every service has."""

from pydantic import Field, SecretStr

from chassis.settings import CommonSettings, EncryptionSettings, OidcSettings


class MemberSignIn(OidcSettings):
    """The municipality's MitID broker, for members; without an issuer they sign in by link and code alone."""

    cpr_claim: str = Field(default="cpr", description="where the ID token says the CPR number")


class Settings(CommonSettings):
    """`person_key` makes the ids and links: whoever has it and a CPR number can tell whose id an id is."""

    person_key: SecretStr = Field(
        min_length=32, description="secret of 32 characters or more; never changed while an assembly is under way"
    )
    synthetic_people: bool = Field(
        default=False, description="take CPR numbers with 60 added to the day: rehearsals alone"
    )
    encryption: EncryptionSettings
    member_sign_in: MemberSignIn = MemberSignIn()
    invite_seconds: float = Field(default=5.0, gt=0, description="how often to look for invitations to issue")
    invite_batch: int = Field(default=500, gt=0, description="how many are invited or reminded in one transaction")
    roll_max_bytes: int = Field(default=1024 * 1024 * 1024, gt=0, description="largest roll taken: 5,000,000 people")
    import_seconds: float = Field(default=5.0, gt=0, description="how often to look for rolls to check or write")
    import_lease_seconds: float = Field(
        default=20.0, gt=0, description="how long an import waits for a process that was killed before another goes on"
    )

    @property
    def key(self) -> bytes:
        """Return the key's bytes."""
        return self.person_key.get_secret_value().encode()
