using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>Adds nginx to a world.</summary>
public static class NginxWorldExtensions
{
    /// <summary>Adds one nginx, the node <c>nginx-1</c>, or by another name <c>NAME-1</c>.</summary>
    /// <param name="conf">The text of its nginx.conf, or the path of one; upstream servers may be nodes and systems of the world, by
    /// name.</param>
    /// <param name="name">Of the system: a world may have several.</param>
    public static IWorldBuilder AddNginx(
        this IWorldBuilder world, string? conf = null, string name = NginxSystem.UsualName, Action<NginxOptions>? configure = null)
    {
        var options = new NginxOptions();
        if (conf is not null)
            options.Conf = conf;
        configure?.Invoke(options);
        return world.Add(new NginxSystem(options, name));
    }
}
