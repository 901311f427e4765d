namespace Microcosm.Nginx;

/// <summary>Keeps a response beside its way to the client: a file grows, and takes its place when it is whole.</summary>
internal abstract class ResponseWriter(TempFile file)
{
    /// <summary>It is kept, or dropped.</summary>
    public bool IsOver { get; protected set; }

    public TempFile File { get; } = file;

    /// <summary>Where the body begins in the file.</summary>
    public long BodyStart { get; } = file.Length;

    /// <summary>The response is whole. Throws <see cref="IOException"/>.</summary>
    public abstract void Keep();

    /// <summary>It will not be whole, or nobody can write it.</summary>
    public abstract void Drop();
}
