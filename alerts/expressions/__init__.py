"""A small language for what is heard: rules are written in it, and searches.

    [ANGRY] AND 退货                     one sentence: angry, and about a return
    ([SAD] OR [SILENCE]>5s) 退款 NOT 运费  AND may be left out; NOT and - are the same
    party:customer [ANGRY]>=0.6 at>60s   who, how surely, how far into the call
    words:risk queue:after-sales         any phrase of a list; a fact of the call
    投诉~ "不 投诉"                       ~ also what sounds like it; quotes: these very words
    party:customer 退款 count>=3 within:60s        said in three sentences within a minute
    (party:customer [ANGRY]) (party:agent 不行) within:30s

Grammar:

    expression = all { "OR" all }
    all        = item { ["AND"] item }
    item       = ["NOT" | "-"] atom
    atom       = "(" expression ")" | tag | field | list | time | rising | phrase
               | within | count                          these two shape the `all` they stand in
    tag        = "[" NAME "]" [ compare number ["s"] ]   a feeling, a sound, a state of the call
    field      = ("party" | "queue" | "agent" | "lang") ":" value
    list       = "words:" name
    time       = "at" compare number "s"                 since the call began
    rising     = "rising(" "[" NAME "]" "," number ")"   through so many sentences of a speaker
    within     = "within:" number "s"
    count      = "count>=" number                        needs within
    phrase     = WORD ["~"] | '"' any text '"'
    compare    = ">" | ">=" | "<" | "<="

Without `within`, one sentence, with the silence after it, must meet all of an `all`. With it,
each item may be met by another sentence of the last so many seconds; fields then say which
sentences count, NOT means that none of them does it, and parentheses hold together what one
sentence must meet. With `count` too, so many sentences must each meet the whole.
Full-width parentheses, quotes, colons and comparisons are as good as the plain ones.
"""
