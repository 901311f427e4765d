namespace Microcosm.Chubby.Etcd;

/// <summary>Who asks, as the token said when the request came.</summary>
/// <param name="User">Name; empty for nobody.</param>
/// <param name="Revision">The rules' revision then.</param>
internal readonly record struct Access(string User, ulong Revision)
{
    public static readonly Access Nobody = new("", 0);
}
