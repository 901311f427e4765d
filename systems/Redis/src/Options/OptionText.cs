using System.Globalization;

namespace Microcosm.Redis;

/// <summary>Values as redis.conf spells them.</summary>
internal static class OptionText
{
    /// <summary>Bytes with an optional unit: 1k is 1000, 1kb is 1024 (<c>memtoull</c>).</summary>
    public static bool TryMemory(string text, out long bytes)
    {
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9') is >= 0 and var at ? at : text.Length;
        long? unit = text[digits..].ToLowerInvariant() switch
        {
            "" or "b" => 1,
            "k" => 1000,
            "kb" => 1024,
            "m" => 1000 * 1000,
            "mb" => 1024 * 1024,
            "g" => 1000L * 1000 * 1000,
            "gb" => 1024L * 1024 * 1024,
            _ => null,
        };
        bytes = 0;
        if (unit is null || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;
        bytes = number * unit.Value;
        return true;
    }

    public static string Bool(bool value) => value ? "yes" : "no";

    /// <summary>Letters of notify-keyspace-events, in Redis' order.</summary>
    public static string Classes(NotifyClass classes)
    {
        var text = "";
        if ((classes & NotifyClass.All) == NotifyClass.All)
            text += 'A';
        else
            text += Letters("g$lshzxet", classes);
        return text + Letters("KEmn", classes);
    }

    /// <summary>Null when a letter is unknown.</summary>
    public static NotifyClass? Classes(string text)
    {
        var classes = NotifyClass.None;
        foreach (var c in text)
        {
            if (c == 'A')
                classes |= NotifyClass.All;
            else if (ClassOf(c) is { } one)
                classes |= one;
            else
                return null;
        }
        return classes;
    }

    private static string Letters(string letters, NotifyClass classes) => string.Concat(letters.Where(c =>
        (classes & ClassOf(c)!.Value) != 0));

    private static NotifyClass? ClassOf(char c) => c switch
    {
        'K' => NotifyClass.Keyspace,
        'E' => NotifyClass.Keyevent,
        'g' => NotifyClass.Generic,
        '$' => NotifyClass.String,
        'l' => NotifyClass.List,
        's' => NotifyClass.Set,
        'h' => NotifyClass.Hash,
        'z' => NotifyClass.SortedSet,
        'x' => NotifyClass.Expired,
        'e' => NotifyClass.Evicted,
        't' => NotifyClass.Stream,
        'm' => NotifyClass.KeyMiss,
        'n' => NotifyClass.NewKey,
        _ => null,
    };
}
