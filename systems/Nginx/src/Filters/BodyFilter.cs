namespace Microcosm.Nginx;

/// <summary>
/// A step of a response's body on its way out (nginx: body filters). What a filter gives goes to <see cref="Next"/>; the last step is the
/// client's. A filter that waits for something holds what it gets, and says so by <see cref="IsBacklogged"/>.
/// </summary>
internal abstract class BodyFilter
{
    private BodyFilter? _next;

    /// <summary>The step behind.</summary>
    public BodyFilter Next
    {
        get => _next!;
        set => _next = value;
    }

    /// <summary>Files are given as such; otherwise their bytes are read.</summary>
    public virtual bool TakesFiles => false;

    /// <summary>More is held than is good: who writes had better wait.</summary>
    public virtual bool IsBacklogged => Next.IsBacklogged;

    public abstract void Write(ReadOnlySpan<byte> bytes);

    /// <summary>The file's user is the filter from now on. Only where <see cref="TakesFiles"/>.</summary>
    public virtual void WriteFile(OpenFile file, long offset, long length) =>
        throw new NotSupportedException("the filter looks at bytes");

    /// <summary>What can be given now is given: the client is to see all that was written.</summary>
    public virtual void Flush() => Next.Flush();

    /// <summary>There is no more. Once.</summary>
    public virtual void End() => Next.End();

    /// <summary>Output fell.</summary>
    public virtual void Resume() => Next.Resume();

    /// <summary>The response is over, whole or not: gives back what is held. May be called again.</summary>
    public virtual void Release() => Next.Release();
}
