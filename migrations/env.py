"""Run by pbx.store.migrate, which hands in the connection, its transaction and its proofs."""

from alembic import context

from pbx.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=False,  # ours is begun and committed outside
)
context.run_migrations()
