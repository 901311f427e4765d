namespace Microcosm.Generator;

/// <summary>A model and where it stands. Kept apart, so that moving a method in its file makes no table anew.</summary>
internal sealed record Located<T>(T Model, LocationModel Location)
    where T : IEquatable<T>;
