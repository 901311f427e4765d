namespace Microcosm.Nginx;

/// <summary>A response on its way into a cache: its file grows beside, and takes its place when it is whole.</summary>
internal sealed class CacheWriter(CacheUse use, TempFile file)
{
    private bool _isOver;

    public TempFile File { get; } = file;

    /// <summary>Where the body begins in the file.</summary>
    public long BodyStart { get; } = file.Length;

    /// <summary>The response is whole. Throws <see cref="IOException"/>.</summary>
    public void Keep()
    {
        _isOver = true;
        use.Keep(File);
        File.Forget();
    }

    /// <summary>It will not be whole, or nobody can write it.</summary>
    public void Drop()
    {
        if (!_isOver)
            use.Close();
        _isOver = true;
    }
}
