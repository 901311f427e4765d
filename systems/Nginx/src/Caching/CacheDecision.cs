namespace Microcosm.Nginx;

/// <summary>What is to be done for a request that a cache was asked for.</summary>
internal enum CacheDecision : byte
{
    /// <summary>Ask the server.</summary>
    Ask,

    /// <summary>Send what was found.</summary>
    Use,

    /// <summary>Answer with the failure that stands for the response.</summary>
    Fail,
}
