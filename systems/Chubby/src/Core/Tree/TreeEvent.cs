namespace Microcosm.Chubby;

/// <summary>Something that watchers of a path may want to know.</summary>
internal readonly record struct TreeEvent(TreeEventKind Kind, string Path);
