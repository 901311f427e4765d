namespace Microcosm.Http;

/// <summary>How far a step of TLS came.</summary>
internal enum TlsStatus
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>It goes on when more has come.</summary>
    NeedsInput,

    /// <summary>The peer sends no more (close_notify).</summary>
    Ended,

    /// <summary>It failed: <see cref="TlsEngine.Failure"/>.</summary>
    Failed,
}
