namespace Microcosm.Nginx;

/// <summary>A response on its way into a cache.</summary>
internal sealed class CacheWriter(CacheUse use, TempFile file) : ResponseWriter(file)
{
    public override void Keep()
    {
        IsOver = true;
        use.Keep(File);
        File.Forget();
    }

    public override void Drop()
    {
        if (!IsOver)
            use.Close();
        IsOver = true;
    }
}
