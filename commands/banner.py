"""What is printed once everything is up: where to look, and the first sign-in."""

from commands.assembly import Assembly


def banner(assembly: Assembly, web: str, stream: str) -> str:
    """For people at a terminal, in both languages. Passwords are in it at the very first start
    only: nothing else knows them."""
    model = assembly.stage.model
    rows = [
        ("主管看板 Supervisor board", web),
        ("坐席面板 Agent panel", f"{web}agent/8001"),
        ("网关接入 Gateways stream to", stream),
        ("模型 Model", model.name + ("（演示模型 demonstration only）" * model.demonstration)),
    ]
    first = assembly.accounts.ensure_first()
    rows += [("首次登录 First sign-in", f"{name} / {password}") for name, password in first]
    if not first:
        rows.append(("忘记密码 Lost password?", "run_server.py user password supervisor"))
    width = max(_width(label) for label, _ in rows)
    lines = [f"  {label}{' ' * (width - _width(label))}  {value}" for label, value in rows]
    return "\n".join(["", "听见 Earwitness 已就绪 is ready", "", *lines, ""])


def _width(text: str) -> int:
    """Columns on a terminal, where a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
