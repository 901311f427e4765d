namespace Microcosm.Http;

/// <summary>
/// Retries under way are a share of requests under way, at most: retries of a sick service must not be what keeps it sick (Envoy's
/// retry_budget;
/// Google SRE, chapter 22). For one executor, or under its owner's lock.
/// </summary>
/// <param name="percent">The share.</param>
/// <param name="retriesMin">So many at a time always.</param>
public sealed class RetryBudget(double percent = 20, int retriesMin = 3)
{
    /// <summary>Requests under way, retries included.</summary>
    public int Requests { get; private set; }

    /// <summary>Retries under way.</summary>
    public int Retries { get; private set; }

    /// <summary>A request begins; it ends with <see cref="End"/>.</summary>
    public void Begin() => Requests++;

    /// <summary>A request is over.</summary>
    public void End() => Requests--;

    /// <summary>Begins a retry, which ends with <see cref="EndRetry"/>; false where the budget is spent.</summary>
    public bool TryBeginRetry()
    {
        if (Retries >= Math.Max(retriesMin, (int)(Requests * percent / 100)))
            return false;
        Retries++;
        return true;
    }

    /// <summary>A retry is over.</summary>
    public void EndRetry() => Retries--;
}
