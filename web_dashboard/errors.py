"""What a request is refused with: a stable code for programs, a sentence for people."""

from collections.abc import Mapping

from alerts.expressions.tree import ExpressionError
from alerts.wire import Words


class ApiError(Exception):
    """Answered as `{"code", "message": {"zh", "en"}}` with `status`. The sentence is fit to be
    shown and says nothing about what the asker may not know. `position` is the character of
    what was typed that is wrong, from 1; 0: none is, and it is not in the answer."""

    def __init__(
        self, status: int, code: str, message: Words, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message
        self.headers = dict(headers or {})
        self.position = 0


def not_signed_in() -> ApiError:
    return ApiError(401, "not_signed_in", Words("请先登录。", "Please sign in."))


def wrong_ticket() -> ApiError:
    words = Words(
        "这张票据无效、已用过或已过期，请向页面的服务器再要一张。",
        "This ticket is wrong, used or too old: ask the page's server for another one.",
    )
    return ApiError(401, "wrong_ticket", words)


def wrong_password() -> ApiError:
    words = Words("账号或密码不对。", "Wrong name or password.")
    return ApiError(401, "wrong_password", words)


def too_many_tries(wait: int) -> ApiError:
    words = Words(f"尝试太多，请 {wait} 秒后再试。", f"Too many tries. Wait {wait} seconds.")
    return ApiError(429, "too_many_tries", words, {"Retry-After": str(wait)})


def not_allowed() -> ApiError:
    words = Words("您没有权限查看或操作这里。", "You may not see or do this.")
    return ApiError(403, "not_allowed", words)


def foreign_origin() -> ApiError:
    words = Words("请求来自别的网站，已拒绝。", "Refused: the request came from another site.")
    return ApiError(403, "foreign_origin", words)


def foreign_host() -> ApiError:
    words = Words(
        "这个地址不在允许的主机名之内（设置 allowed_hosts）。",
        "This host name is not among those allowed (setting allowed_hosts).",
    )
    return ApiError(421, "foreign_host", words)


def no_such_call() -> ApiError:
    words = Words("没有这通电话，或已过期。", "No such call, or it has expired.")
    return ApiError(404, "no_such_call", words)


def no_such_alert() -> ApiError:
    words = Words("没有这条提醒，或已过期。", "No such alert, or it has expired.")
    return ApiError(404, "no_such_alert", words)


def no_such_prompt() -> ApiError:
    words = Words("没有这条提示，或已过期。", "No such prompt, or it has expired.")
    return ApiError(404, "no_such_prompt", words)


def no_such_message() -> ApiError:
    words = Words("没有这条悄悄话，或已过期。", "No such message, or it has expired.")
    return ApiError(404, "no_such_message", words)


def call_over() -> ApiError:
    return ApiError(409, "call_over", Words("通话已经结束。", "The call is over."))


def call_elsewhere() -> ApiError:
    """Its audio is not heard by the server that was asked."""
    words = Words(
        "这通电话由另一台服务器接听，请在那台服务器上操作，或让网关发送 swap。",
        "Another server hears this call: do it there, or let the gateway send swap.",
    )
    return ApiError(409, "call_elsewhere", words)


def nobody_to_tell(*, over: bool) -> ApiError:
    """A call that has ended, or one whose gateway did not say who its agent is."""
    if over:
        return call_over()
    words = Words(
        "网关没有说明这通电话的坐席是谁（agent_id），送不到。",
        "The gateway did not say who this call's agent is (agent_id): nobody to tell.",
    )
    return ApiError(409, "no_agent", words)


def no_clip_without_consent() -> ApiError:
    words = Words(
        "客户没有同意录音，没有声音可播放。", "The caller did not agree to be recorded."
    )
    return ApiError(404, "no_clip", words)


def no_clip() -> ApiError:
    words = Words("这段声音没有保存，或者已过期。", "Not kept, or expired.")
    return ApiError(404, "no_clip", words)


def no_clip_yet() -> ApiError:
    words = Words(
        "这段声音还没有保存好（对方的话还在识别）。",
        "Not kept yet (the other party's words are still being recognized).",
    )
    return ApiError(404, "no_clip_yet", words, {"Retry-After": "1"})


def bad_search(fault: ExpressionError) -> ApiError:
    words = Words(
        f"搜索式第 {fault.position} 个字符处有误。例：[ANGRY] AND 退货",
        f"The search is not understood: {fault}. As in: [ANGRY] AND 退货",
    )
    refusal = ApiError(400, "bad_search", words)
    refusal.position = fault.position
    return refusal


def archive_away() -> ApiError:
    words = Words("存档暂时读不到，请稍后再试。", "The archive is away; try again soon.")
    return ApiError(503, "archive_away", words, {"Retry-After": "5"})


def log_away() -> ApiError:
    words = Words("记录暂时读不到，请稍后再试。", "The log is out of reach; try again soon.")
    return ApiError(503, "log_away", words, {"Retry-After": "5"})


def clips_away() -> ApiError:
    words = Words("录音片段暂时取不到，请稍后再试。", "Clips are out of reach; try again soon.")
    return ApiError(503, "clips_away", words, {"Retry-After": "5"})


def audiosocket_off() -> ApiError:
    words = Words(
        "没有开启 AudioSocket（设置 audiosocket_port）。",
        "AudioSocket is not heard here (setting audiosocket_port).",
    )
    return ApiError(404, "audiosocket_off", words)


def wrong_announcement(why: str) -> ApiError:
    words = Words(f"登记的内容有误：{why}", f"This announcement is wrong: {why}")
    return ApiError(400, "wrong_announcement", words)


def announced_already() -> ApiError:
    words = Words(
        "这个 uuid 已经登记，还没有用掉。", "This uuid is announced and not used yet."
    )
    return ApiError(409, "announced_already", words)


def too_many_announced() -> ApiError:
    words = Words(
        "登记了太多还没有接入的连接。", "Too many connections are announced and have not come."
    )
    return ApiError(503, "too_many_announced", words, {"Retry-After": "5"})


def not_found() -> ApiError:
    return ApiError(404, "not_found", Words("没有这个页面。", "There is nothing here."))


def bad_request(status: int) -> ApiError:
    words = Words("请求的格式不对。", "The request is malformed.")
    return ApiError(status, "bad_request", words)


def internal() -> ApiError:
    words = Words("服务器出错了，已记录。", "Something broke here; it has been logged.")
    return ApiError(500, "internal", words)
