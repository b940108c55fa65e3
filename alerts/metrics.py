"""What Prometheus is told of alerts, prompts and Redis."""

from prometheus_client import Counter, Gauge, Histogram

_LATENCY = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
_DELIVERY = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0, 10.0, 60.0)
_REACTION = (2, 5, 10, 20, 30, 60, 120, 300, 600, 1800)

alerts = Counter("earwitness_alerts", "Alerts raised, not their updates", ["rule", "severity"])
prompts = Counter(
    "earwitness_prompts", "Prompts by what became of them", ["situation", "outcome"]
)
prompt_usefulness = Gauge(
    "earwitness_prompt_usefulness",
    "Share of the answered prompts in the log that agents used",
    ["situation"],
)
speech_end_to_alert = Histogram(
    "earwitness_speech_end_to_alert_seconds",
    "From the last sample of speech to the publish of the alert it raised or updated",
    buckets=_LATENCY,
)
alert_ack = Histogram(
    "earwitness_alert_ack_seconds",
    "From the alert's first publish to somebody taking it",
    buckets=_REACTION,
)
alert_false = Counter("earwitness_alert_false", "Alerts that people called false", ["rule"])
rule_alerts = Gauge("earwitness_rule_alerts", "Alerts in the log, all servers", ["rule"])
rule_judged = Gauge("earwitness_rule_judged", "Of these, somebody dealt with", ["rule"])
rule_false = Gauge("earwitness_rule_false_alarms", "Of these, called false", ["rule"])
rule_precision = Gauge(
    "earwitness_rule_precision", "Share of the judged that was not called false", ["rule"]
)
escalated = Counter("earwitness_alerts_escalated", "Critical alerts said again", ["rule"])
notifications = Counter(
    "earwitness_notifications", "Messages to other systems by outcome", ["service", "outcome"]
)
playbook_reloads = Counter(
    "earwitness_playbook_reloads", "Playbooks read while running: read, wrong", ["outcome"]
)
calls_continued = Counter("earwitness_calls_continued", "Calls taken over from another server")
calls_unclaimed = Counter(
    "earwitness_calls_unclaimed", "Calls begun afresh because Redis was away"
)
calls_lost = Counter("earwitness_calls_lost", "Calls of servers that died, ended from here")
sink_errors = Counter("earwitness_sink_errors", "Call events that could not be dealt with")
clips_failed = Counter("earwitness_clips_failed", "Voice clips that could not be kept")
traces_failed = Counter("earwitness_traces_failed", "Calls whose trace broke off")
redis_publish = Histogram(
    "earwitness_redis_publish_seconds",
    "From handing a message over to Redis having it",
    buckets=_DELIVERY,
)
redis_up = Gauge("earwitness_redis_up", "1 while Redis takes what is published")
redis_kept = Gauge("earwitness_redis_kept", "Messages that wait for Redis")
redis_dropped = Counter("earwitness_redis_dropped", "Messages given up for want of room")
redis_lost = Counter("earwitness_redis_lost", "Messages Redis forgot and we no longer had")
log_undecodable = Counter("earwitness_log_undecodable", "Entries of ew:log that are no message")
