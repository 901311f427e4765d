using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// Counts what a cluster has under way and says yes or no, and why, to one more (Envoy's circuit breaking): what is refused at once neither
/// waits nor makes a slow service slower. Invariant: nothing is below zero or above its limit. For one executor, or under its owner's lock.
/// </summary>
/// <param name="budget">Of retries, in the place of a fixed number; it counts requests and retries, nobody else does.</param>
public sealed class Circuit(CircuitLimits limits, RetryBudget? budget = null)
{
    private readonly long[] _overflows = new long[5];

    /// <summary>Connections that are open or being opened.</summary>
    public int Connections { get; private set; }

    /// <summary>Requests that wait for a connection.</summary>
    public int Pending { get; private set; }

    /// <summary>Requests under way.</summary>
    public int Requests { get; private set; }

    /// <summary>Retries under way.</summary>
    public int Retries { get; private set; }

    /// <summary>How often it said no for this reason.</summary>
    public long Overflows(CircuitVerdict reason) => _overflows[(int)reason];

    /// <summary>A connection is to be opened; it ends with <see cref="EndConnection"/>.</summary>
    public CircuitVerdict BeginConnection()
    {
        if (Connections >= limits.ConnectionsMax)
            return Refuse(CircuitVerdict.ConnectionOverflow);
        Connections++;
        return CircuitVerdict.Admitted;
    }

    /// <summary>A connection is closed, or was not to be had.</summary>
    public void EndConnection() => Connections = Less(Connections);

    /// <summary>A request is to wait for a connection; it ends with <see cref="EndPending"/>.</summary>
    public CircuitVerdict BeginPending()
    {
        if (Pending >= limits.PendingMax)
            return Refuse(CircuitVerdict.PendingOverflow);
        Pending++;
        return CircuitVerdict.Admitted;
    }

    /// <summary>A request waits no more.</summary>
    public void EndPending() => Pending = Less(Pending);

    /// <summary>A request is to be sent; it ends with <see cref="EndRequest"/>.</summary>
    public CircuitVerdict BeginRequest()
    {
        if (Requests >= limits.RequestsMax)
            return Refuse(CircuitVerdict.RequestOverflow);
        Requests++;
        budget?.Begin();
        return CircuitVerdict.Admitted;
    }

    /// <summary>A request is over.</summary>
    public void EndRequest()
    {
        Requests = Less(Requests);
        budget?.End();
    }

    /// <summary>A request is to be tried again; the retry ends with <see cref="EndRetry"/>.</summary>
    public CircuitVerdict BeginRetry()
    {
        if (budget?.TryBeginRetry() ?? Retries < limits.RetriesMax)
        {
            Retries++;
            return CircuitVerdict.Admitted;
        }
        return Refuse(CircuitVerdict.RetryOverflow);
    }

    /// <summary>A retry is over.</summary>
    public void EndRetry()
    {
        Retries = Less(Retries);
        budget?.EndRetry();
    }

    private CircuitVerdict Refuse(CircuitVerdict reason)
    {
        _overflows[(int)reason]++;
        return reason;
    }

    private static int Less(int count)
    {
        Invariant.Check(count > 0);
        return count - 1;
    }
}
