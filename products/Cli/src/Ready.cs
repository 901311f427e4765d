using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;

namespace Microcosm.Cli;

/// <summary>Tells that a world is up: a line a system, and a file for scripts.</summary>
internal static class Ready
{
    public static void Print(World world, WebApplication? control)
    {
        foreach (var system in world.Systems)
        {
            Console.WriteLine($"{system.Name,-10} {string.Join(' ', system.Endpoints)}");
            foreach (var node in system.Nodes.Where(n => n.HasOtherPort))
                Console.WriteLine($"           port {node.Definition.Port} is taken: {node.Name} listens on {node.Socket!.Port} instead");
        }
        Console.WriteLine($"ready      seed {world.Seed.Value}");
        if (control is not null)
            Console.WriteLine($"control    {string.Join(' ', control.Urls)}");
    }

    /// <summary>The same for programs.</summary>
    public static JsonObject Describe(World world, WebApplication? control) => new()
    {
        ["seed"] = world.Seed.Value,
        ["control"] = control?.Urls.FirstOrDefault(),
        ["systems"] = Describe(world),
    };

    /// <summary>Writes <c>{"redis": {"endpoints": ["host:port"], "connection": "…"}}</c>, in one step, so that a reader never sees half of
    /// it.</summary>
    public static async Task WriteFileAsync(World world, string path)
    {
        var temporary = path + ".tmp";
        await File.WriteAllTextAsync(temporary, Describe(world).ToJsonString());
        File.Move(temporary, path, overwrite: true);
    }

    public static JsonObject Describe(World world)
    {
        var all = new JsonObject();
        foreach (var system in world.Systems)
        {
            all[system.Name] = new JsonObject
            {
                ["endpoints"] = new JsonArray([.. system.Endpoints.Select(e => JsonValue.Create(e))]),
                ["connection"] = system.ConnectionString,
            };
        }
        return all;
    }
}
