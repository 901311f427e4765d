#!/usr/bin/env dotnet
// One of two servers behind nginx fails: what do users see? dotnet run -c Release samples/proxy.cs
#:project ../products/World/src/Microcosm.World.csproj
#:project ../systems/Nginx/src/Microcosm.Nginx.csproj
#:property PublishAot=false

using Microcosm;
using Microcosm.Nginx;

const string Front = """
    events { }
    http {
        upstream shop { server a max_fails=2 fail_timeout=10s; server b max_fails=2 fail_timeout=10s; }
        server {
            listen 80;
            location / { proxy_pass http://shop; proxy_next_upstream error http_503; }
            location /once { proxy_pass http://shop/; proxy_next_upstream off; }
        }
    }
    """;

await using var world = await World.StartAsync(w => w.AddNginx(Front, "front").AddNginx(Shop("a"), "a").AddNginx(Shop("b"), "b"));
world.Clock.Pause();                                    // nothing is over but by what follows
using var user = new HttpClient { BaseAddress = new Uri(world.System("front").ConnectionString) };
await ShowAsync("both serve", "/");

world.Faults.Add("nginx.request node=a-1 refuse=503");
await ShowAsync("a answers 503, nobody tries again", "/once");
await ShowAsync("a answers 503, the next one is asked", "/");
Console.WriteLine($"a was asked {world.Faults.Fired.Count} times");

await world.Node("b-1").KillAsync();
await ShowAsync("b is dead too", "/");

world.Faults.Clear();
await world.Node("b-1").RestartAsync();
world.Clock.Advance(TimeSpan.FromSeconds(20));          // fail_timeout is over
await ShowAsync("twenty seconds later", "/");

static string Shop(string name) => $"events {{ }} http {{ server {{ listen 80; return 200 {name}; }} }}";

async Task ShowAsync(string what, string path)
{
    List<string> seen = [];
    for (var i = 0; i < 6; i++)
    {
        using var answer = await user.GetAsync(path);
        seen.Add(answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : $"{(int)answer.StatusCode}");
    }
    Console.WriteLine($"{what}: {string.Join(' ', seen)}");
}
