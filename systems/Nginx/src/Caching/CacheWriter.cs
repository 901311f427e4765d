namespace Microcosm.Nginx;

/// <summary>A response on its way into a cache: its file grows beside, and takes its place when it is whole.</summary>
internal sealed class CacheWriter(CacheUse use, TempFile file)
{
    /// <summary>It is kept, or dropped.</summary>
    public bool IsOver { get; private set; }

    public TempFile File { get; } = file;

    /// <summary>Where the body begins in the file.</summary>
    public long BodyStart { get; } = file.Length;

    /// <summary>The response is whole. Throws <see cref="IOException"/>.</summary>
    public void Keep()
    {
        IsOver = true;
        use.Keep(File);
        File.Forget();
    }

    /// <summary>It will not be whole, or nobody can write it.</summary>
    public void Drop()
    {
        if (!IsOver)
            use.Close();
        IsOver = true;
    }
}
