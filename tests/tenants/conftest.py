"""A small fleet at a throw-away tree, for every test here that wants one."""

from tests.factories.trees import fleet_engine, small_fleet, tree

__all__ = ["fleet_engine", "small_fleet", "tree"]
