/** Places that name what stands there: for secrets that only their name gives away, and for any other as well. */
import { buildspec, commit, indented, type Place, run, shellName, wrapped } from "./place.ts";
import { base64 } from "./seeded.ts";

export const NAMED_PLACES: readonly Place[] = [
  {
    title: "CodeBuild environment variable",
    plant: (value, name) => ({
      requestParameters: {
        projectName: "shop",
        environmentVariablesOverride: [{ name: shellName(name), value, type: "PLAINTEXT" }],
      },
    }),
  },
  {
    title: "ECS task definition",
    plant: (value, name) => ({
      requestParameters: { containerDefinitions: [{ name: "web", environment: [{ name: shellName(name), value }] }] },
    }),
  },
  {
    title: "Lambda environment",
    plant: (value, name) => ({
      requestParameters: {
        functionName: "shop",
        environment: { variables: { STAGE: "prod", [shellName(name)]: value } },
      },
    }),
  },
  {
    title: "request parameter",
    plant: (value, name) => ({ requestParameters: { dBInstanceIdentifier: "shop", [name]: value } }),
  },
  {
    title: "CloudFormation parameter",
    plant: (value, name) => ({ requestParameters: { parameters: [{ parameterKey: name, parameterValue: value }] } }),
  },
  {
    title: "SecureString parameter",
    plant: (value) => ({ requestParameters: { name: "/shop/prod/db", type: "SecureString", value } }),
  },
  {
    title: "commit message",
    plant: (value, name) => commit(`Fix the build\n\nset ${shellName(name)}=${value} until Monday`),
  },
  { title: "commit message, with colon", plant: (value, name) => commit(`deploy with ${name}: ${value}`) },
  {
    title: "query of a URL",
    plant: (value, name) => ({ url: `https://api.example.com/v1/hook?${name}=${encodeURIComponent(value)}&page=2` }),
  },
  {
    title: "user of a URL",
    plant: (value) => ({ remote: `https://deploy:${encodeURIComponent(value)}@git.example.com/shop.git` }),
  },
  {
    title: ".env file",
    plant: (value, name) => ({
      patch: `# production\nDB_HOST=db.example.com\n${shellName(name)}=${value}\nPORT=5432\n`,
    }),
  },
  {
    title: "diff of a .env file",
    plant: (value, name) => ({ patch: `@@ -1,2 +1,3 @@\n DB_HOST=db\n+${shellName(name)}="${value}"\n` }),
  },
  {
    title: "buildspec variable",
    plant: (value, name) =>
      buildspec(`version: 0.2\nenv:\n  variables:\n    ${shellName(name)}: ${value}\nphases:\n  build: {}\n`),
  },
  {
    title: "quoted buildspec variable",
    plant: (value, name) => buildspec(`version: 0.2\nenv:\n  variables:\n    "${shellName(name)}": "${value}"\n`),
  },
  {
    title: "YAML block scalar",
    plant: (value, name) => buildspec(`config:\n  ${name}: |\n${indented(value, "    ")}\n  next: plain\n`),
  },
  {
    title: "folded YAML block scalar",
    plant: (value, name) => buildspec(`- ${name}: >-\n${indented(value, "      ")}\n- other: plain\n`),
  },
  {
    title: "YAML block scalar in JSON",
    plant: (value, name) => ({
      body: JSON.stringify({ values: `db:\n  ${name}: |-\n${indented(value, "    ")}\n  port: 1\n` }),
    }),
  },
  {
    title: "environment of a pod, YAML",
    plant: (value, name) => ({
      manifest: `env:\n  - name: ${shellName(name)}\n    value: "${value}"\n  - name: PORT\n    value: "80"\n`,
    }),
  },
  {
    title: "Kubernetes Secret",
    plant: (value) => ({
      object: { apiVersion: "v1", kind: "Secret", data: { config: base64(value) }, type: "Opaque" },
    }),
  },
  {
    title: "Kubernetes Secret in plain text",
    plant: (value) => ({ kind: "Secret", apiVersion: "v1", stringData: { "app.conf": value } }),
  },
  {
    title: "Kubernetes Secret, YAML",
    plant: (value) => ({
      manifest: `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  conf: ${base64(value)}\ntype: Opaque\n`,
    }),
  },
  {
    title: "Kubernetes Secret, YAML in plain text",
    plant: (value) => ({
      manifest: `stringData:\n  conf: |\n${indented(value, "    ")}\n  other: x\nkind: Secret\nmetadata: {}\n`,
    }),
  },
  {
    title: "last applied Kubernetes Secret",
    plant: (value) => ({
      annotations: {
        "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({
          apiVersion: "v1",
          data: { conf: base64(value) },
          kind: "Secret",
        }),
      },
    }),
  },
  { title: "exported variable", plant: (value, name) => run(`export ${shellName(name)}='${value}' && npm start`) },
  {
    title: "variable before a command",
    plant: (value, name) => run(`${shellName(name)}=${value} ./deploy.sh production`),
  },
  { title: "flag", plant: (value, name) => run(`./deploy --stage prod --${name} ${value} --verbose`) },
  { title: "flag with equals sign", plant: (value, name) => run(`./deploy --${name}='${value}' --verbose`) },
  {
    title: "list of arguments",
    plant: (value, name) => ({ containerOverrides: [{ command: ["./deploy", `--${name}`, value] }] }),
  },
  {
    title: "arguments as text",
    plant: (value, name) => ({ detail: JSON.stringify({ args: ["./deploy", `--${name}`, value, "-v"] }) }),
  },
  { title: "system property", plant: (value, name) => run(`mvn -B verify -Dshop.${name}=${value} -DskipTests`) },
  { title: "header of curl", plant: (value, name) => run(`curl -s -H "X-${name}: ${value}" https://api.example.com/`) },
  {
    title: "bearer header",
    plant: (value) => run(`curl -H 'Authorization: Bearer ${value}' https://api.example.com/`),
  },
  { title: "headers", plant: (value) => ({ headers: { accept: "*/*", authorization: `Bearer ${value}` } }) },
  { title: "cookie", plant: (value) => ({ headers: { cookie: `theme=dark; session=${value}` } }) },
  { title: "user of curl", plant: (value) => run(`curl -u deploy:${value} https://api.example.com/`) },
  { title: "mysql", plant: (value) => run(`mysql -h db -u root -p${value} shop < dump.sql`) },
  { title: "docker login", plant: (value) => run(`docker login -u deploy -p ${value} registry.example.com`) },
  {
    title: "docker login, password first",
    plant: (value) => run(`docker login -p ${value} -u deploy registry.example.com`),
  },
  { title: "arguments of mysql", plant: (value) => ({ command: ["mysql", "-uroot", `-p${value}`, "shop"] }) },
  { title: "arguments of sshpass", plant: (value) => ({ command: ["sshpass", "-p", value, "ssh", "db.example.com"] }) },
  {
    title: "arguments as text, -p",
    plant: (value) => ({ detail: JSON.stringify(["tool", "-u", "root", "-p", value]) }),
  },
  {
    title: "Dockerfile",
    plant: (value, name) => ({ content: `FROM node:24\nENV ${shellName(name)} ${value}\nCMD ["npm", "start"]\n` }),
  },
  { title: "build argument", plant: (value, name) => run(`docker build --build-arg ${shellName(name)}=${value} .`) },
  {
    title: ".netrc",
    plant: (value) => ({ content: `machine git.example.com\n  login deploy\n  password ${value}\n` }),
  },
  {
    title: "configuration command",
    plant: (value, name) =>
      run(`aws configure set ${name.includes("AWS") ? name.toLowerCase() : "aws_secret_access_key"} ${value}`),
  },
  { title: "PowerShell", plant: (value) => run(`ConvertTo-SecureString '${value}' -AsPlainText -Force`) },
  { title: "secret of GitHub", plant: (value, name) => run(`gh secret set ${shellName(name)} --body '${value}'`) },
  { title: "echo to a prompt", plant: (value) => run(`echo "${value}" | docker login -u deploy --password-stdin`) },
  {
    title: "pair with its value first",
    plant: (value, name) => ({ detail: JSON.stringify({ env: [{ value, name: shellName(name) }] }) }),
  },
  {
    title: "literal of kubectl",
    plant: (value, name) => run(`kubectl create secret generic db --from-literal=${name}=${value}`),
  },
  {
    title: "put-parameter",
    plant: (value) => run(`aws ssm put-parameter --name /shop/db --type SecureString --value ${value} --overwrite`),
  },
  {
    title: "put-secret-value",
    plant: (value) => run(`aws secretsmanager put-secret-value --secret-id db --secret-string '${value}'`),
  },
  { title: "SQL", plant: (value) => run(`psql -c "ALTER ROLE shop WITH LOGIN PASSWORD '${value}'"`) },
  { title: "SQL of MySQL", plant: (value) => run(`mysql -e "CREATE USER 'shop'@'%' IDENTIFIED BY '${value}'"`) },
  {
    title: "Terraform variables",
    plant: (value, name) => ({ content: `region = "eu-west-1"\n${name}   =   "${value}"\n` }),
  },
  {
    title: "properties",
    plant: (value, name) => ({ content: `spring.datasource.url=jdbc:x\nspring.datasource.${name}=${value}\n` }),
  },
  { title: "XML", plant: (value, name) => ({ content: `<server><id>x</id><${name}>${value}</${name}></server>` }) },
  {
    title: "JSON in a string",
    plant: (value, name) => ({ payload: JSON.stringify({ user: "ana", [name]: value, n: 1 }) }),
  },
  {
    title: "JSON in JSON in a string",
    plant: (value, name) => ({ payload: JSON.stringify({ body: JSON.stringify({ [name]: value }) }) }),
  },
  {
    title: "user data",
    plant: (value, name) => ({ userData: base64(`#!/bin/sh\nexport ${shellName(name)}=${value}\nnpm start\n`) }),
  },
  {
    title: "wrapped user data",
    plant: (value, name) => ({
      userData: wrapped(`#!/bin/sh\nset -e\n# start the shop again\nexport ${shellName(name)}='${value}'\nnpm start\n`),
    }),
  },
  {
    title: "connection string of SQL Server",
    plant: (value) => ({ connection: `Server=tcp:db,1433;User Id=shop;Password=${value};Encrypt=true` }),
  },
  {
    title: "connection string of PostgreSQL",
    plant: (value) => ({ DATABASE_URL: `postgresql://shop:${encodeURIComponent(value)}@db:5432/shop?ssl=true` }),
  },
  {
    title: "connection string of JDBC",
    plant: (value) => ({ url: `jdbc:mysql://db/shop?user=shop&password=${encodeURIComponent(value)}&ssl=true` }),
  },
  {
    title: "connection string of libpq",
    plant: (value) => ({ dsn: `host=db user=shop password='${value}' dbname=shop` }),
  },
  {
    title: "connection string of Azure",
    plant: (value) => ({ connection: `AccountName=shop;AccountKey=${value};EndpointSuffix=x` }),
  },
];
