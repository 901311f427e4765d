using System.Text.RegularExpressions;

namespace Microcosm.Kafka;

/// <summary>
/// A subscription's pattern, which the whole name of a topic must match. Its syntax is RE2's, as Kafka has it; matching takes linear time.
/// </summary>
internal static class TopicRegex
{
    /// <exception cref="GroupRefusal">INVALID_REGULAR_EXPRESSION.</exception>
    public static Regex Parse(string pattern)
    {
        try
        {
            return new Regex($@"\A(?:{Re2Parser.Translate(pattern)})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new GroupRefusal(KafkaError.InvalidRegularExpression,
                $"SubscribedTopicRegex `{pattern}` is not a valid regular expression: {e.Message}.");
        }
    }
}
