using System.Globalization;
using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// Reads <see cref="RedisCommandAttribute.Keys"/>, key specifications with <c>; </c> between: flags, where the keys begin (<c>@1</c> at
/// argument 1, <c>@WORD/2</c> behind a word searched from argument 2, <c>@?</c> nobody can say), how they go on (nothing: it is one;
/// <c>last/step/limit</c>; <c>#count/first/step</c> with a counting argument; <c>?</c>).
/// </summary>
internal static class KeySpecs
{
    public static void Write(RespWriter reply, string text)
    {
        var specs = text.Split("; ", StringSplitOptions.RemoveEmptyEntries);
        reply.Array(specs.Length);
        foreach (var spec in specs)
        {
            var words = spec.Split(' ');
            var at = Array.FindIndex(words, w => w[0] == '@');
            Invariant.Check(at > 0);
            reply.Map(3);
            reply.Bulk("flags"u8);
            reply.Set(at);
            foreach (var flag in words.Take(at))
                reply.Simple(flag);
            reply.Bulk("begin_search"u8);
            WriteBegin(reply, words[at][1..]);
            reply.Bulk("find_keys"u8);
            WriteRange(reply, at + 1 < words.Length ? words[at + 1] : "0/1/0");
        }
    }

    private static void WriteBegin(RespWriter reply, string where)
    {
        var words = where.Split('/');
        if (where == "?")
            WriteKind(reply, "unknown");
        else if (words.Length == 1)
            WriteKind(reply, "index", ("index", words[0]));
        else
            WriteKind(reply, "keyword", ("keyword", words[0]), ("startfrom", words[1]));
    }

    private static void WriteRange(RespWriter reply, string how)
    {
        var words = how.TrimStart('#').Split('/');
        if (how == "?")
            WriteKind(reply, "unknown");
        else if (how[0] == '#')
            WriteKind(reply, "keynum", ("keynumidx", words[0]), ("firstkey", words[1]), ("keystep", words[2]));
        else
            WriteKind(reply, "range", ("lastkey", words[0]), ("keystep", words[1]), ("limit", words[2]));
    }

    private static void WriteKind(RespWriter reply, string type, params ReadOnlySpan<(string Name, string Value)> values)
    {
        reply.Map(2);
        reply.Bulk("type"u8);
        reply.Bulk(type);
        reply.Bulk("spec"u8);
        reply.Map(values.Length);
        foreach (var (name, value) in values)
        {
            reply.Bulk(name);
            if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                reply.Integer(number);
            else
                reply.Bulk(value);
        }
    }
}
