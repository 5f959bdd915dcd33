"""Accounts: by which address and password a user comes in through a page; operators, who stand above companies."""

from pbx.company.hashing import digest, hashed
from pbx.company.languages import known
from pbx.company.names import clean
from pbx.errors import Refused
from pbx.rules.signing_in import check_password, clean_email
from pbx.store import Store, accounts, audit, links, operators, people, sessions
from pbx.store.accounts import Account
from pbx.store.operators import Operator


class Accounts:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, company: str, user_id: str) -> Account | None:
        async with self._store.read(company) as tx:
            return await accounts.of_user(tx, user_id)

    async def everybody(self, company: str) -> dict[str, Account]:
        """By user."""
        async with self._store.read(company) as tx:
            return {account.user: account for account in await accounts.everybody(tx)}

    async def check_free(self, email: str) -> None:
        """Refused: `email-form`, `email-taken`."""
        email = clean_email(email)
        async with self._store.across() as everywhere:
            if await accounts.by_email(everywhere, email) or await operators.by_email(everywhere, email):
                raise Refused("email-taken", email)

    async def put(self, company: str, user_id: str, email: str, *, by: str) -> Account:
        """The user's address from now on; a password is chosen by its owner. Refused: `user-unknown`, `email-form`,
        `email-taken`."""
        email = clean_email(email)
        async with self._store.read_house() as house:
            if await operators.by_email(house, email):
                raise Refused("email-taken", email)
        async with self._store.edit(company) as tx:
            user = await people.get(tx, user_id)
            account = await accounts.put(tx, user.id, email)
            await audit.write(tx, by, "address set", user.name, user=user.id, email=email)
        return account

    async def set_password(
        self, company: str, user_id: str, password: str, *, by: str, keep_session: str | None = None
    ) -> None:
        """Whoever was signed in as the user is not any more, but in `keep_session`. Refused: `account-unknown`,
        `password-length`, `password-easy`."""
        async with self._store.read(company) as tx:
            user, account = await people.get(tx, user_id), await accounts.of_user(tx, user_id)
        if account is None:
            raise Refused("account-unknown")
        check_password(password, account.email)
        digested = await hashed(password)
        async with self._store.edit(company) as tx:
            await accounts.set_hash(tx, user_id, digested)
            await audit.write(tx, by, "password set", user.name, user=user.id)
        async with self._store.house() as house:
            await sessions.end(house, user_id, but=keep_session)

    async def add_operator(
        self, name: str, email: str, password: str, *, language: str = "sv", link: str | None = None
    ) -> Operator:
        """`link`: by which somebody makes themselves one, and which is used by it: of two who do so at once one comes
        too late. Refused: `name-form`, `email-form`, `email-taken`, `password-length`, `password-easy`, `link-used`."""
        name, email, language = clean(name), clean_email(email), known(language)
        check_password(password, email)
        digested = await hashed(password)
        async with self._store.across() as everywhere:
            if await accounts.by_email(everywhere, email):
                raise Refused("email-taken", email)
        async with self._store.house() as house:
            if link is not None:
                await links.use(house, digest(link))
            return await operators.add(house, name, email, language, digested)

    async def operator(self, operator_id: str) -> Operator:
        """Refused: `account-unknown`."""
        async with self._store.read_house() as house:
            return await operators.get(house, operator_id)

    async def operator_by_email(self, email: str) -> Operator | None:
        async with self._store.read_house() as house:
            return await operators.by_email(house, email)

    async def set_operator_password(self, operator_id: str, password: str, *, keep_session: str | None = None) -> None:
        """As `set_password`."""
        async with self._store.read_house() as house:
            operator = await operators.get(house, operator_id)
        check_password(password, operator.email)
        digested = await hashed(password)
        async with self._store.house() as house:
            await operators.set_hash(house, operator_id, digested)
            await sessions.end(house, operator_id, but=keep_session)

    async def set_operator_language(self, operator_id: str, language: str) -> None:
        """Refused: `account-unknown`, `language-unknown`."""
        async with self._store.house() as house:
            await operators.set_language(house, operator_id, known(language))

    async def nobody_yet(self) -> bool:
        """Whether there is no operator, so that the first one is to be made by a link."""
        async with self._store.read_house() as house:
            return await operators.count(house) == 0
