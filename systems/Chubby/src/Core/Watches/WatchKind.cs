namespace Microcosm.Chubby;

/// <summary>What a watch is for.</summary>
internal enum WatchKind
{
    /// <summary>Data and existence, once.</summary>
    Data,

    /// <summary>The list of children, once.</summary>
    Child,

    /// <summary>Both, until removed.</summary>
    Persistent,

    /// <summary>Data and existence of the node and all below it, until removed.</summary>
    PersistentRecursive,
}
