namespace Microcosm.Cli;

/// <summary>What a chapter is made of, in its order: prose, and steps.</summary>
internal abstract record Part;
