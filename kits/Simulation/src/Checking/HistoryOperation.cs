namespace Microcosm.Simulation;

/// <summary>
/// One operation as its client saw it: called at one moment, answered at a later one or never. An operation without an answer
/// (its reply was lost, its client gave up, the run ended) may have taken effect at any moment after the call, or not at all.
/// </summary>
public sealed class HistoryOperation<TInput, TOutput>
{
    internal HistoryOperation(int ordinal, int client, TInput input, long callOrder, TimeSpan called)
    {
        Ordinal = ordinal;
        Client = client;
        Input = input;
        CallOrder = callOrder;
        Called = called;
    }

    /// <summary>Place among the calls of the history, from 0.</summary>
    public int Ordinal { get; }

    /// <summary>Who called. A client has at most one operation open, except those whose outcome it does not know.</summary>
    public int Client { get; }

    /// <summary>What was asked.</summary>
    public TInput Input { get; }

    /// <summary>What was answered; meaningless unless <see cref="HasOutput"/>.</summary>
    public TOutput? Output { get; private set; }

    /// <summary>True once the client knows the outcome.</summary>
    public bool HasOutput { get; private set; }

    /// <summary>Place of the call among all calls and answers. Order decides, times are for reading.</summary>
    public long CallOrder { get; }

    /// <summary>Place of the answer, or <see cref="long.MaxValue"/>.</summary>
    public long AnswerOrder { get; private set; } = long.MaxValue;

    /// <summary>World time of the call.</summary>
    public TimeSpan Called { get; }

    /// <summary>World time of the answer, or <see cref="TimeSpan.MaxValue"/>.</summary>
    public TimeSpan Answered { get; private set; } = TimeSpan.MaxValue;

    internal void Answer(TOutput output, long order, TimeSpan at)
    {
        Output = output;
        HasOutput = true;
        AnswerOrder = order;
        Answered = at;
    }

    /// <summary>The span of time in which it took effect, for people: <c>1.250 s … 1.262 s</c>.</summary>
    public string Times() => HistoryTime.Text(Called) + " … " + (HasOutput ? HistoryTime.Text(Answered) : "?");
}
