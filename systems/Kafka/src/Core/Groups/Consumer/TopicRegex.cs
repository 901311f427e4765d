using System.Globalization;
using System.Text.RegularExpressions;

namespace Microcosm.Kafka;

/// <summary>
/// A subscription's pattern, which the whole name of a topic must match. Matching takes linear time, as with RE2, whose syntax Kafka has.
/// </summary>
internal static class TopicRegex
{
    // RE2 takes no more either. An automaton unrolls what it counts, so counts inside each other multiply.
    private const int RepeatMax = 1_000;
    private const int UnrolledMax = 100_000;

    /// <exception cref="GroupRefusal">INVALID_REGULAR_EXPRESSION.</exception>
    public static Regex Parse(string pattern)
    {
        try
        {
            CheckRepeats(pattern);
            // Alone first: put between our own parentheses, `a)|(b` would be a pattern.
            _ = new Regex(pattern, RegexOptions.NonBacktracking);
            return new Regex($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new GroupRefusal(KafkaError.InvalidRegularExpression,
                $"SubscribedTopicRegex `{pattern}` is not a valid regular expression: {e.Message}.");
        }
    }

    private static void CheckRepeats(string pattern)
    {
        long unrolled = 1;
        for (var i = 0; i < pattern.Length; i++)
        {
            if (!char.IsAsciiDigit(pattern[i]) || i == 0 || pattern[i - 1] is not ('{' or ','))
                continue;
            var end = i;
            while (end < pattern.Length && char.IsAsciiDigit(pattern[end]))
                end++;
            if (!int.TryParse(pattern.AsSpan(i, end - i), CultureInfo.InvariantCulture, out var count) || count > RepeatMax)
                throw new ArgumentException("invalid repeat count");
            unrolled *= Math.Max(count, 1);
            if (unrolled > UnrolledMax)
                throw new ArgumentException("bad repetition operator");
            i = end;
        }
    }
}
