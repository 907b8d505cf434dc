"""Kernels belong to whoever opened their page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tornado import testing, web

from gnetics.serving.kernels import Owned


class _Signed(web.RequestHandler):
    """Stands for Jupyter's handlers: somebody is signed in."""

    async def prepare(self) -> None:
        self.current_user = SimpleNamespace(username=self.request.headers["User"])

    def get(self, kernel_id: str) -> None:
        self.finish(kernel_id)


class _Handler(Owned, _Signed):
    pass


class _Kernels(dict[str, bool]):
    """Kernel → alive."""

    def get_kernel(self, kernel_id: str) -> Any:
        return SimpleNamespace(is_alive=lambda: self[kernel_id])


class OwnedKernels(testing.AsyncHTTPTestCase):
    def get_app(self) -> web.Application:
        owners = {"a-1": "Ana", "b-1": "Bruno", "gone": "Ana", "dead": "Ana"}
        kernels = _Kernels({"a-1": True, "b-1": True, "waiting": True, "dead": False})
        return web.Application([(r"/k/(.*)", _Handler)], gnetics_owners=owners, kernel_manager=kernels)

    def status(self, kernel_id: str) -> int:
        return self.fetch(f"/k/{kernel_id}", headers={"User": "Ana"}).code

    def test_own_kernel_is_reached(self) -> None:
        assert self.status("a-1") == 200

    def test_another_persons_kernel_is_refused(self) -> None:
        assert self.status("b-1") == 403

    def test_a_kernel_gone_dead_or_waiting_does_not_exist(self) -> None:
        assert {self.status(kernel) for kernel in ("gone", "dead", "waiting", "unknown")} == {404}
