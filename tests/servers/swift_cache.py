"""Swift's cache in the memory of its one process, in place of a memcached."""

import time


class Memory:
    def __init__(self) -> None:
        self.kept: dict = {}

    def set(self, key, value, time=0, **_) -> None:
        self.kept[key] = (value, now() + time if time else None)

    def get(self, key, **_):
        value, until = self.kept.get(key, (None, None))
        return value if until is None or until > now() else None

    def delete(self, key, **_) -> None:
        self.kept.pop(key, None)

    def incr(self, key, delta=1, time=0, **_) -> int:
        value = max(0, int(self.get(key) or 0) + int(delta))
        self.set(key, value, time=time)
        return value

    def decr(self, key, delta=1, time=0, **_) -> int:
        return self.incr(key, delta=-delta, time=time)

    def set_multi(self, mapping, server_key=None, time=0, **_) -> None:
        for key, value in mapping.items():
            self.set(key, value, time=time)

    def get_multi(self, keys, server_key=None, **_) -> list:
        return [self.get(key) for key in keys]


now = time.time


def filter_factory(_settings, **_):
    memory = Memory()

    def with_cache(app):
        def answer(env, start_response):
            env["swift.cache"] = memory
            return app(env, start_response)

        return answer

    return with_cache
