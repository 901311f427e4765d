namespace Microcosm.Simulation.Tests.Checking;

/// <summary>
/// Reads histories that are drawn: one line a client, <c>[</c> a call and <c>]</c> its answer, columns are time. A bracket that stays
/// open is an operation of unknown outcome. Two events must not share a column.
/// </summary>
internal static class Timeline
{
    /// <summary>Register operations: <c>w1</c>, <c>r1</c>, <c>r-</c> (none), <c>c1&gt;2+</c> (swapped), <c>c1&gt;2-</c> (kept).</summary>
    public static History<RegisterInput, RegisterOutput> Register(string drawing) => Read(drawing, text =>
    {
        var rest = text[1..];
        if (text[0] == 'w')
            return (RegisterInput.Write("x", rest), default);
        if (text[0] == 'r')
            return (RegisterInput.Read("x"), new RegisterOutput(rest is "-" or "" ? null : rest));
        var values = rest.TrimEnd('+', '-').Split('>');
        return (RegisterInput.CompareAndSet("x", values[0] == "" ? null : values[0], values[1]),
            new RegisterOutput(Swapped: rest.EndsWith('+')));
    });

    /// <summary>Queue operations: <c>e1</c> enqueues, <c>d1</c> dequeues 1, <c>d-</c> finds it empty.</summary>
    public static History<QueueInput, string?> Queue(string drawing) => Read(drawing, text => text[0] == 'e'
        ? (new QueueInput("q", text[1..]), (string?)"ok")
        : (new QueueInput("q"), text[1..] is "-" or "" ? null : text[1..]));

    /// <summary>
    /// Lock operations: <c>a5</c> acquires token 5, <c>a-</c> is refused, <c>r5+</c> releases token 5, <c>r5-</c> finds it not held.
    /// </summary>
    public static History<LockInput, long?> Lock(string drawing) => Read(drawing, text => text[0] == 'a'
        ? (LockInput.Acquire("l"), text[1..] is "-" or "" ? (long?)null : long.Parse(text[1..]))
        : (LockInput.Release("l", long.Parse(text[1..].TrimEnd('+', '-'))), text.EndsWith('+') ? long.Parse(text[1..^1]) : null));

    public static History<TInput, TOutput> Read<TInput, TOutput>(string drawing, Func<string, (TInput Input, TOutput Output)> parse)
    {
        var history = new History<TInput, TOutput>();
        var events = new SortedList<int, Action>();
        var client = 0;
        foreach (var line in drawing.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            client++;
            for (var open = line.IndexOf('['); open >= 0; open = line.IndexOf('[', open + 1))
            {
                var close = line.IndexOf(']', open);
                var (input, output) = parse((close < 0 ? line[(open + 1)..] : line[(open + 1)..close]).Trim(' ', '.'));
                HistoryOperation<TInput, TOutput>? operation = null;
                var by = client;
                events.Add(open, () => operation = history.Call(by, input));
                if (close >= 0)
                    events.Add(close, () => history.Answer(operation!, output));
            }
        }
        foreach (var happen in events.Values)
            happen();
        return history;
    }
}
