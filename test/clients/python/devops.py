"""An organization, by azure-devops."""

from azure.devops.connection import Connection
from azure.devops.v7_1.task_agent.models import TaskAgent
from msrest.authentication import BasicAuthentication

# Location of the job requests of a pool, which the client has no method for.
JOB_REQUESTS = "fc825784-c92a-4299-9221-998a02d1b54f"


class Organization:
    def sign_in(self, url, token):
        connection = Connection(base_url=url, creds=BasicAuthentication("", token))
        self.factory = connection.clients_v7_1

    def pools(self, name=None):
        return self.factory.get_task_agent_client().get_agent_pools(pool_name=name)

    def add_agent(self, poolId, agent):
        return self.factory.get_task_agent_client().add_agent(TaskAgent.deserialize(agent), poolId)

    def agents(self, poolId, name=None, capabilities=False, demands=None):
        client = self.factory.get_task_agent_client()
        return client.get_agents(poolId, agent_name=name, include_capabilities=capabilities, demands=demands)

    def agent(self, poolId, agentId):
        client = self.factory.get_task_agent_client()
        return client.get_agent(
            poolId,
            agentId,
            include_capabilities=True,
            include_assigned_request=True,
            include_last_completed_request=True,
        )

    def replace_agent(self, poolId, agentId, agent):
        return self.factory.get_task_agent_client().replace_agent(TaskAgent.deserialize(agent), poolId, agentId)

    def update_agent(self, poolId, agentId, agent):
        return self.factory.get_task_agent_client().update_agent(TaskAgent.deserialize(agent), poolId, agentId)

    def delete_agent(self, poolId, agentId):
        self.factory.get_task_agent_client().delete_agent(poolId, agentId)

    def job_requests(self, poolId, agentId):
        client = self.factory.get_task_agent_client()
        answer = client._send(
            http_method="GET",
            location_id=JOB_REQUESTS,
            version="7.1-preview.1",
            route_values={"poolId": str(poolId)},
            query_parameters={"agentId": str(agentId)},
        )
        return client._deserialize("[TaskAgentJobRequest]", client._unwrap_collection(answer))

    def queues(self, project):
        return self.factory.get_task_agent_client().get_agent_queues(project=project)

    def builds(self, project):
        return list(self.factory.get_build_client().get_builds(project))

    def build(self, project, buildId):
        return self.factory.get_build_client().get_build(project, buildId)

    def timeline(self, project, buildId):
        return self.factory.get_build_client().get_build_timeline(project, buildId).records


def methods():
    organization = Organization()
    return {
        "devops.signIn": organization.sign_in,
        "devops.pools": organization.pools,
        "devops.addAgent": organization.add_agent,
        "devops.agents": organization.agents,
        "devops.agent": organization.agent,
        "devops.replaceAgent": organization.replace_agent,
        "devops.updateAgent": organization.update_agent,
        "devops.deleteAgent": organization.delete_agent,
        "devops.jobRequests": organization.job_requests,
        "devops.queues": organization.queues,
        "devops.builds": organization.builds,
        "devops.build": organization.build,
        "devops.timeline": organization.timeline,
    }
