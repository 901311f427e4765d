namespace Microcosm.Redis;

/// <summary>What is done with several sorted sets.</summary>
internal enum AlgebraKind
{
    Union,
    Inter,
    Diff,

    /// <summary>The intersection's size.</summary>
    Card,
}
