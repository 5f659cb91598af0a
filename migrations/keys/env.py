from tenants.migration_environment import run

run()
