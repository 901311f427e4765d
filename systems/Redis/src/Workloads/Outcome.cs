namespace Microcosm.Redis;

/// <summary>How a request ended for its client.</summary>
internal enum Outcome
{
    /// <summary>A whole reply came.</summary>
    Answered,

    /// <summary>No connection came about.</summary>
    NeverSent,

    /// <summary>Sent, and no reply came: it may have been carried out, now or later.</summary>
    Unknown,
}
