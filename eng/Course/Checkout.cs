namespace Microcosm.Course.Tests;

/// <summary>The repository that these tests were built in.</summary>
internal static class Checkout
{
    /// <summary>The folder that holds Microcosm.slnx.</summary>
    public static readonly string Root = FindRoot();

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Microcosm.slnx")))
                return at.FullName;
        }
        throw new InvalidOperationException("Microcosm.slnx is in no folder above the tests");
    }
}
