-- Run once by a database administrator, before the first release. Choose real passwords.
CREATE ROLE app_ddl LOGIN CREATEROLE PASSWORD 'choose-one';
CREATE ROLE app_rt LOGIN NOINHERIT PASSWORD 'choose-one';
CREATE ROLE app_keys LOGIN PASSWORD 'choose-one';
CREATE DATABASE kamu OWNER app_ddl;
REVOKE ALL ON DATABASE kamu FROM PUBLIC;
GRANT CONNECT ON DATABASE kamu TO app_ddl, app_rt, app_keys;
-- In the database of the keys, which may be another one on another server:
GRANT CREATE ON DATABASE kamu TO app_keys;
\connect kamu
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA ext AUTHORIZATION app_ddl;
